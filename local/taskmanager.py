"""Becomes a TaskManager, after ending Python workers that lost theirs: `python -m local.taskmanager COMMAND…`.

Workers whose TaskManager was killed wait for it for ever, each with the memory of a Python that has loaded the jobs.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from local.processes import arguments, descendants, end, python_workers_in, with_variable, worker_servers_in
from local.workers import SERVER, SOCKET

HEAD_START_S = 10.0
"""How long a TaskManager that takes over gets the cores for itself: starting a JVM beside it would cost the screens. Of
two that died at once the first has it, too: the second would only make its start longer."""
STARTER = "local.taskmanager"
OPTIONS = "flink-taskmanager-"
"""How the file begins that a TaskManager's JVM reads its options from (`local.flink`)."""


def main(command: list[str]) -> None:
    """Replace this process by `command`, so that it keeps the process id that the supervisor knows."""
    socket = os.environ[SOCKET]
    left_behind = workers_of(socket)
    end(left_behind)
    # Another TaskManager, or what becomes it, is below the supervisor that started this process.
    others = [arguments(pid) for pid in descendants(os.getppid())]
    if left_behind and any(goes_first(words, command[-1]) for words in others):
        time.sleep(HEAD_START_S)
    # Workers are `python -m …`: else they would take the jobs of the folder that they are in, and not those submitted.
    os.environ["PYTHONSAFEPATH"] = "1"
    serve_workers(socket)
    os.execv(command[0], command)  # noqa: S606


def serve_workers(socket: str) -> None:
    """Start what forks Python workers. It stays a child of this process, whatever that becomes."""
    subprocess.Popen([sys.executable, "-m", SERVER, socket], stdin=subprocess.DEVNULL)  # noqa: S603


def workers_of(socket: str) -> set[int]:
    """Return the Python workers, and the servers that fork them, of TaskManagers with this socket of a server."""
    own = with_variable(SOCKET, socket)
    return {*python_workers_in(own), *worker_servers_in(own)}


def goes_first(words: Sequence[str], own: str) -> bool:
    """Tell whether a command line is of the JVM of a TaskManager, or of what starts one that stands before `own`.

    `own` is the last word of what starts this one: the file of its options.
    """
    if words[1:2] and _is_options(words[1]):
        return True
    return STARTER in words and _is_options(words[-1]) and words[-1] < own


def _is_options(word: str) -> bool:
    return word.startswith("@") and Path(word).name.startswith(OPTIONS)


if __name__ == "__main__":
    main(sys.argv[1:])
