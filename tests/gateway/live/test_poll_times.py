import asyncio
from typing import Any

from gateway.live.poll_times import PollTimes
from tests.gateway.fake_outbox import until
from tests.gateway.records import AT, poll


class Watched:
    def __init__(self) -> None:
        self.now = AT
        self.changed: list[str] = []
        self.times = PollTimes(lambda: self.now, self.changed.append)

    def watch(self, **changes: Any) -> None:
        self.times.watch(poll(**changes))


async def test_opening_and_closing_are_two_changes() -> None:
    watched = Watched()
    watched.watch(status="scheduled", opened_at=None, opens_at=AT + 10, closes_at=AT + 20)
    watched.now = AT + 10
    await until(lambda: watched.changed == ["best"])
    watched.now = AT + 21
    await until(lambda: watched.changed == ["best", "best"])
    assert watched.times._timers == {}


async def test_is_not_fooled_by_a_clock_that_is_behind_the_loops() -> None:
    watched = Watched()
    watched.watch(closes_at=AT + 5)
    await asyncio.sleep(0.03)
    assert watched.changed == []
    watched.now = AT + 6
    await until(lambda: watched.changed == ["best"])


async def test_only_the_newest_definition_is_watched() -> None:
    watched = Watched()
    watched.watch(closes_at=AT + 5)
    watched.watch(closes_at=AT + 60_000)
    watched.now = AT + 6
    await asyncio.sleep(0.03)
    assert watched.changed == []
    watched.watch(status="closed", closed_at=AT + 6)
    assert watched.times._timers == {}


async def test_closing_stops_every_timer() -> None:
    watched = Watched()
    watched.watch(closes_at=AT + 5)
    watched.times.close()
    watched.now = AT + 6
    await asyncio.sleep(0.03)
    assert watched.changed == []
