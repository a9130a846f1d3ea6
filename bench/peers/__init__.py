"""The jobs' work, written with other stream processors: what `bench` holds the jobs against.

Each program runs in an environment of its own (`make .local/done/peers`) and prints what it took as one line of JSON.
"""
