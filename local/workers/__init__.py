"""Python workers of the jobs that are forked from one process, which has imported what they all need.

A worker by itself is a Python with Flink's, Beam's, Arrow's and pandas' modules: about 110 MB, and two seconds of both
cores to load them, for which the screens would wait when a TaskManager has died. Beside each TaskManager runs a server
(`local.workers.server`) that has loaded them once. What Flink starts as `python` (`local.workers.command`) hands its
arguments, environment and output to it. The server forks, and the fork is the worker. The modules of the submitted jobs
each worker loads for itself: they differ by version.
"""

SOCKET = "OVATION_WORKERS_SOCKET"
"""Names the server's socket in a TaskManager's environment; without it workers are started as Flink does."""
SERVER = "local.workers.server"
"""The module of the server, and so what its command line, and that of each worker that it forked, reads."""
WORKER = "pyflink.fn_execution.beam.beam_boot"
"""The module that Flink starts a Python worker with."""
