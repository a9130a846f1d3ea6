"""Processes of a stack, as Linux shows them in /proc. Where there is no /proc, there are none to be seen."""

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from local.workers import SERVER, WORKER

PROC = Path("/proc")
MARK = "OVATION_STACK"
"""Names the data folder in the environment of each process of a stack, and so of those, too, that lost their parent."""


def marked(root: str | Path) -> set[int]:
    """Return the processes of the stack in `root`, but not the one that asks."""
    return with_variable(MARK, str(root))


def with_variable(name: str, value: str) -> set[int]:
    """Return the processes in whose environment a variable has this value, but not the one that asks."""
    wanted = f"{name}={value}".encode()
    return {pid for pid in _all() if wanted in _read(pid, "environ").split(b"\0") and not _is_zombie(pid)}


def descendants(pid: int) -> set[int]:
    """Return the children of `pid`, their children, and so on."""
    children: dict[int, set[int]] = {}
    for child in _all():
        children.setdefault(_parent(child), set()).add(child)
    found: set[int] = set()
    front = {pid}
    while front:
        front = set().union(*(children.get(parent, set()) for parent in front)) - found
        found |= front
    return found


def python_workers_in(pids: Iterable[int]) -> list[int]:
    """Return those of `pids` in which the jobs' Python functions run: started by Flink, or forked by a server."""
    return sorted(pid for pid in pids if _runs(pid, WORKER) or (_runs(pid, SERVER) and _runs(_parent(pid), SERVER)))


def worker_servers_in(pids: Iterable[int]) -> list[int]:
    """Return those of `pids` that fork Python workers, and the workers that have lost one."""
    return sorted(pid for pid in pids if _runs(pid, SERVER) and not _runs(_parent(pid), SERVER))


def arguments(pid: int) -> list[str]:
    """Return the command line of `pid`, empty when there is no such process."""
    return [os.fsdecode(word) for word in _read(pid, "cmdline").split(b"\0")[:-1]]


def end(pids: Iterable[int]) -> None:
    """Kill `pids`; those that are gone already are as good."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _all() -> Iterator[int]:
    if PROC.is_dir():
        pids = (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())
        yield from (pid for pid in pids if pid != os.getpid())


def _read(pid: int, name: str) -> bytes:
    """Return a file of a process, empty when the process is gone or another user's."""
    try:
        return (PROC / str(pid) / name).read_bytes()
    except OSError:
        return b""


def _runs(pid: int, module: str) -> bool:
    return module in arguments(pid)[1:]


def _stat(pid: int) -> list[bytes]:
    # The command's name stands in brackets and may itself hold blanks and brackets; the state follows the last one.
    return _read(pid, "stat").rpartition(b")")[2].split()


def _is_zombie(pid: int) -> bool:
    return _stat(pid)[:1] in ([b"Z"], [])


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if len(fields) > 1 else 0
