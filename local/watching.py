"""A process that becomes another program, and leaves a child that ends it where it lives and does nothing.

The supervisor knows the process id, so it is the program that keeps it, and it starts again what was ended.
"""

import os
import signal
from collections.abc import Callable


def become(command: list[str], watch: Callable[[int], None]) -> None:
    """Go on with `watch` in a child, which is given this process's id, and become `command`."""
    watched = os.getpid()
    if os.fork() == 0:
        watch(watched)
    else:
        os.execv(command[0], command)  # noqa: S606


def lives(watched: int) -> bool:
    """Return whether the process `watched` is there still, of which this one is the child."""
    return os.getppid() == watched


def end(watched: int, why: str) -> None:
    """Say `why` in the log, and kill the process `watched` if it is there still."""
    if lives(watched):
        print(f"{why}: it is ended, to be started again.", flush=True)
        os.kill(watched, signal.SIGKILL)
