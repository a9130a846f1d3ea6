"""The poll job with ten million voters in its state: `python -m bench.polls --help`."""
