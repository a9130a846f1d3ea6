"""Where a run takes place: the embedded stack, and the machine that everything shares."""

import os
import platform
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from local.parts import PROCESSES, processes_of
from local.stack import Stack
from ovation.bring_up import bring_up
from ovation.take_down import take_down


@contextmanager
def running_stack(stack: Stack, parts: Collection[str] = PROCESSES) -> Iterator[None]:
    """Start what is not up of the stack, and its jobs if all `parts` are wanted; stop in the end what was started."""
    try:
        bring_up(stack, processes_of(parts), jobs=True)
        yield
    finally:
        if not stack.was_up:
            take_down(stack)


def machine() -> str:
    """Return what everybody needs to know of this machine to read a figure."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}"
    )
