"""The demo from a cold machine to the last process gone."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from local.parts import PROCESSES, processes_of
from local.settings import StackSettings
from local.stack import Stack
from ovation.audience.plan import Plan
from ovation.bring_up import bring_up
from ovation.demo.show import show
from ovation.embedded import addresses_of
from ovation.take_down import take_down
from ovation.terminal import out


def run(settings: StackSettings, plan: Plan, seconds: float | None) -> None:
    """Start the stack if it is not up, show it with an audience, and stop what was started. The data stays.

    Raises OvationError when a part does not start, or the gateway fails.
    """
    # Whoever stops the demo with SIGTERM while it starts gets the same as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stack = Stack(settings)
    with _up(stack):
        asyncio.run(show(addresses_of(stack.settings), plan, seconds))


@contextmanager
def _up(stack: Stack) -> Iterator[None]:
    names = processes_of(PROCESSES)
    try:
        bring_up(stack, names, jobs=True)
        yield
    except KeyboardInterrupt:
        pass
    finally:
        if stack.was_up:
            out.print("The stack was up before, and stays up; `ovation down` stops it.", markup=False)
        else:
            # An impatient second Ctrl-C must not leave half of the processes behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            take_down(stack)
            out.print(f"Everything is stopped. The data is in {stack.settings.data_dir}.", markup=False)
