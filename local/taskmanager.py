"""Becomes a TaskManager, after ending Python workers that lost theirs: `python -m local.taskmanager COMMAND…`.

Workers whose TaskManager was killed wait for it for ever, each with the memory of a Python that has loaded the jobs.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from local.processes import MARK, arguments, descendants, end, marked, python_workers_in, worker_servers_in
from local.workers import SERVER, SOCKET

HEAD_START_S = 10.0
"""How long a TaskManager that takes over gets the cores for itself: starting a JVM beside it would cost the screens."""
OPTIONS = "flink-taskmanager-"
"""How the file begins that a TaskManager's JVM reads its options from (`local.flink`)."""


def main(command: list[str]) -> None:
    """Replace this process by `command`, so that it keeps the process id that the supervisor knows."""
    own = marked(os.environ[MARK])
    workers = {*python_workers_in(own), *worker_servers_in(own)}
    # Another TaskManager, and its workers, are below the supervisor that started this process.
    others = descendants(os.getppid())
    left_behind = workers - others
    end(left_behind)
    if left_behind and any(is_taskmanager(pid) for pid in others):
        time.sleep(HEAD_START_S)
    # Workers are `python -m …`: else they would take the jobs of the folder that they are in, and not those submitted.
    os.environ["PYTHONSAFEPATH"] = "1"
    if path := os.environ.get(SOCKET):
        # It stays a child of this process, whatever that becomes.
        subprocess.Popen([sys.executable, "-m", SERVER, path], stdin=subprocess.DEVNULL)  # noqa: S603
    os.execv(command[0], command)  # noqa: S606


def is_taskmanager(pid: int) -> bool:
    """Tell whether `pid` is the JVM of a TaskManager, and not yet or no more what starts one."""
    words = arguments(pid)[1:2]
    return any(word.startswith("@") and Path(word).name.startswith(OPTIONS) for word in words)


if __name__ == "__main__":
    main(sys.argv[1:])
