from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth import Viewer
from gateway.control.table import ControlTable
from gateway.limits.limits import Limits
from gateway.live.frames import ack
from gateway.reactions.aggregate import Aggregate
from gateway.reactions.flusher import Flusher
from gateway.reactions.reactors import ReactorSamples
from gateway.reactions.tap_counter import Counted, TapCounter, capped
from gateway.refusal import Refused
from gateway.settings import Settings
from tests.gateway.fake_outbox import FakeOutbox
from tests.gateway.records import AT, stream

SECRET = "s" * 40
VIEWER = Viewer("v", "cup", "viewer", 0)


class Setup:
    def __init__(self, taps_per_s: int = 10, max_sums: int = 100) -> None:
        clock: Callable[[], int] = lambda: AT + 1_234  # noqa: E731
        secrets: dict[str, Any] = {"api_keys": "k", "token_secret": SECRET, "voter_secret": SECRET}
        limits = Limits(Settings(**secrets, limit_viewer_taps_per_s=taps_per_s, limit_burst_s=1))
        table = ControlTable(clock)
        table.apply(stream())
        self.aggregate = Aggregate(max_sums)
        flusher = Flusher(FakeOutbox(), self.aggregate, region="eu", edge="gw-1", flush_ms=1_000, max_unacked=10)
        self.counter = TapCounter(table, flusher, ReactorSamples(SECRET.encode()), limits, clock)


async def test_the_answer_says_how_many_and_in_which_window() -> None:
    setup = Setup()
    assert setup.counter.tap(VIEWER, {"🔥": 3, "👏": 1}) == Counted(4, AT + 1_000)
    assert setup.aggregate.taps == 4


async def test_taps_are_kept_where_in_the_video_they_were_and_as_their_viewers_once_a_minute() -> None:
    setup = Setup()
    setup.counter.tap(VIEWER, {"🔥": 3}, 119_999)
    setup.counter.tap(VIEWER, {"🔥": 1})
    [taken] = setup.aggregate.take(9)
    assert (taken.counts, taken.video) == ({"🔥": 4}, {119: {"🔥": 3}})
    assert taken.reactors is not None
    assert len(taken.reactors.hashes) == 1
    setup.counter.tap(VIEWER, {"🔥": 1}, 0)
    [taken] = setup.aggregate.take(9)
    assert (taken.video, taken.reactors) == ({0: {"🔥": 1}}, None)


async def test_over_the_limit_taps_are_capped_and_not_refused() -> None:
    setup = Setup(taps_per_s=10)
    assert setup.counter.tap(VIEWER, {"🔥": 8}) == Counted(8, AT + 1_000)
    answer = setup.counter.tap(VIEWER, {"🔥": 1, "👏": 500})
    assert (answer.counted, answer.counts) == (2, {"🔥": 1, "👏": 1})
    answer = setup.counter.tap(VIEWER, {"🔥": 1})
    assert (answer.counted, answer.counts) == (0, {})
    assert setup.aggregate.taps == 10


async def test_only_a_capped_answer_names_emojis() -> None:
    setup = Setup(taps_per_s=1)
    assert "counts" not in ack(1, setup.counter.tap(VIEWER, {"🔥": 1}))
    assert '"counts":{}' in ack(1, setup.counter.tap(VIEWER, {"🔥": 1}))


async def test_admitted_taps_are_not_counted_yet() -> None:
    setup = Setup()
    admitted = setup.counter.admit(VIEWER, {"🔥": 3})
    assert setup.aggregate.taps == 0
    setup.counter.count(admitted)
    assert setup.aggregate.taps == 3


async def test_bad_taps_use_up_nothing() -> None:
    setup = Setup(taps_per_s=10)
    for counts in ({"😀": 10}, {"🔥": 0}, {}):
        with pytest.raises(Refused):
            setup.counter.tap(VIEWER, counts)
    with pytest.raises(Refused) as refused:
        setup.counter.tap(Viewer("v", "cup", "overlay", 0), {"🔥": 10})
    assert refused.value.problem.name == "role-not-allowed"
    assert setup.counter.tap(VIEWER, {"🔥": 10}).counted == 10


async def test_too_much_waiting_is_refused() -> None:
    setup = Setup(max_sums=1)
    setup.counter.tap(VIEWER, {"🔥": 1})
    with pytest.raises(Refused) as refused:
        setup.counter.tap(VIEWER, {"👏": 1})
    assert refused.value.problem.name == "too-much-waiting"


@given(counts=st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 1_000)), allowed=st.integers(0, 3_000))
def test_capped(counts: dict[str, int], allowed: int) -> None:
    left = capped(counts, allowed)
    assert sum(left.values()) == min(allowed, sum(counts.values()))
    assert all(0 < count <= counts[emoji] for emoji, count in left.items())
    assert list(left) == list(counts)[: len(left)]
