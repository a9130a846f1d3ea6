"""Becomes a TaskManager, after ending Python workers that lost theirs: `python -m local.taskmanager COMMAND…`.

Workers whose TaskManager was killed wait for it for ever, each with the memory of a Python that has loaded the jobs.
"""

import os
import sys
import time

from local.processes import MARK, descendants, end, marked, python_workers_in

HEAD_START_S = 10.0
"""How long a TaskManager that takes over gets the cores for itself: starting a JVM beside it would cost the screens."""


def main(command: list[str]) -> None:
    """Replace this process by `command`, so that it keeps the process id that the supervisor knows."""
    workers = set(python_workers_in(marked(os.environ[MARK])))
    # Workers of another TaskManager are, like it, below the supervisor that started this process.
    others = workers & descendants(os.getppid())
    end(workers - others)
    if others and workers - others:
        time.sleep(HEAD_START_S)
    # Workers are `python -m …`: else they would take the jobs of the folder that they are in, and not those submitted.
    os.environ["PYTHONSAFEPATH"] = "1"
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
