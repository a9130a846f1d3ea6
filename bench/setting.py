"""Where a run takes place: the embedded stack, and the machine that everything shares."""

import os
import platform
import resource
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from local.parts import PROCESSES, processes_of
from local.stack import Stack
from ovation.bring_up import bring_up
from ovation.take_down import take_down

_FIRST = -15
_AUTOGROUP = Path("/proc/self/autogroup")


@contextmanager
def running_stack(stack: Stack, parts: Collection[str] = PROCESSES) -> Iterator[None]:
    """Start what is not up of the stack, and its jobs if all `parts` are wanted; stop in the end what was started."""
    try:
        bring_up(stack, processes_of(parts), jobs=True)
        yield
    finally:
        if not stack.was_up:
            take_down(stack)


@contextmanager
def running_first() -> Iterator[bool]:
    """Let this process run before the stack that it measures; yield whether the system allows it.

    A client that waits for its turn on a full machine measures itself. Linux shares the cores among sessions before it
    looks at a process (sched(7), "The autogroup feature"), and the stack is a session of its own.
    """
    before = os.getpriority(os.PRIO_PROCESS, 0)
    session = _session_nice()
    try:
        os.setpriority(os.PRIO_PROCESS, 0, _FIRST)
        if session is not None:
            _AUTOGROUP.write_text(str(_FIRST))
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, before)
        if session is not None:
            _AUTOGROUP.write_text(session)


def _session_nice() -> str | None:
    """Return how nice this process's session is, or None where the system knows no such thing."""
    with suppress(OSError):
        return _AUTOGROUP.read_text().rpartition(" ")[2].strip() or None
    return None


def raise_open_files() -> None:
    """Let this process and its children have as many sockets as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def machine() -> str:
    """Return what everybody needs to know of this machine to read a figure."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}"
    )
