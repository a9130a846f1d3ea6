"""Does planned things at their time, and never waits for one of them before the next."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol, TypeVar

from ovation.audience.background import Background

TICK_S = 0.005
"""What is due within this time is done together: finer than what the gateway adds up, and cheap."""
IN_A_ROW = 64
"""Who is late still lets the answers in after so many."""


class Planned(Protocol):
    """Something that is due `at_s` seconds after the start."""

    @property
    def at_s(self) -> float: ...


P = TypeVar("P", bound=Planned)


async def pace(planned: Iterable[P], do: Callable[[P], Coroutine[Any, Any, None]], background: Background) -> float:
    """Start `do` for each of `planned` when it is due; return the seconds that it took to start all of them.

    Raises what a task in `background` raised.
    """
    began = time.perf_counter()
    for number, each in enumerate(planned):
        wait_s = began + each.at_s - time.perf_counter()
        if wait_s > 0:
            await asyncio.sleep(max(wait_s, TICK_S))
        elif number % IN_A_ROW == 0:
            await asyncio.sleep(0)
        background.check()
        background.start(do(each))
    return time.perf_counter() - began
