"""Becomes a TaskManager, after ending Python workers that lost theirs: `python -m local.taskmanager COMMAND…`.

Workers whose TaskManager was killed wait for it for ever, each with the memory of a Python that has loaded the jobs.
"""

import os
import sys

from local.processes import MARK, descendants, end, marked, python_workers_in


def main(command: list[str]) -> None:
    """Replace this process by `command`, so that it keeps the process id that the supervisor knows."""
    # Workers of another TaskManager are, like it, below the supervisor that started this process.
    end(set(python_workers_in(marked(os.environ[MARK]))) - descendants(os.getppid()))
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
