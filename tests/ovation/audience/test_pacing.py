import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from ovation.audience.background import Background
from ovation.audience.pacing import pace


@dataclass(frozen=True, slots=True)
class Due:
    at_s: float


async def test_each_is_done_in_its_order_and_not_before_its_time() -> None:
    began = time.perf_counter()
    done: list[tuple[float, float]] = []

    async def do(due: Due) -> None:
        done.append((due.at_s, time.perf_counter() - began))

    background = Background()
    took_s = await pace([Due(number * 0.005) for number in range(20)], do, background)
    await background.finish(1)
    assert [at_s for at_s, _ in done] == [number * 0.005 for number in range(20)]
    assert all(when >= at_s - 0.003 for at_s, when in done)
    assert took_s >= 0.09


async def test_one_that_waits_does_not_hold_up_the_next() -> None:
    background, freed = Background(), asyncio.Event()
    began: list[float] = []

    async def do(due: Due) -> None:
        began.append(due.at_s)
        await freed.wait()

    await pace([Due(0.0), Due(0.01), Due(0.02)], do, background)
    await asyncio.sleep(0)
    assert began == [0.0, 0.01, 0.02]
    freed.set()
    await background.finish(1)


async def test_who_is_late_lets_answers_in() -> None:
    answered = asyncio.Event()
    answered_by_then: list[bool] = []

    async def do(due: Due) -> None: ...

    def all_late() -> Iterator[Due]:
        asyncio.get_running_loop().call_soon(answered.set)
        for _ in range(1_000):
            answered_by_then.append(answered.is_set())
            yield Due(-1.0)

    background = Background()
    await pace(all_late(), do, background)
    await background.finish(1)
    assert (answered_by_then[0], answered_by_then[-1]) == (False, True)


async def test_a_failure_in_the_background_ends_it() -> None:
    async def do(due: Due) -> None:
        raise LookupError("broken")

    background = Background()
    with pytest.raises(LookupError, match="broken"):
        await pace((Due(number * 0.01) for number in range(100)), do, background)


async def test_what_takes_too_long_is_cancelled() -> None:
    background, cancelled = Background(), asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    background.start(forever())
    await background.finish(0.01)
    assert cancelled.is_set()
    background.check()
