"""Becomes a TaskManager, after ending the Python workers of the one before: `python -m local.taskmanager COMMAND…`.

Workers whose TaskManager was killed wait for it for ever, each with the memory of a Python that has loaded the jobs.
"""

import os
import sys

from local.processes import MARK, end, marked, python_workers_in


def main(command: list[str]) -> None:
    """Replace this process by `command`, so that it keeps the process id that the supervisor knows."""
    end(python_workers_in(marked(os.environ[MARK])))
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
