import math
from itertools import combinations
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.limits import limit as limit_module
from gateway.limits.limit import Limit
from gateway.refusal import Refused
from tests.gateway.limits.conftest import Time


def takes(limit: Limit, caller: str = "a") -> Refused | None:
    try:
        limit.take(caller)
    except Refused as refused:
        return refused
    return None


def test_a_burst_then_the_rate(time: Time) -> None:
    limit = Limit("viewer", 5, 2)
    assert [takes(limit) is None for _ in range(12)] == [True] * 10 + [False] * 2
    time.s += 0.21
    assert [takes(limit) is None for _ in range(2)] == [True, False]
    time.s += 2.1
    assert [takes(limit) is None for _ in range(11)] == [True] * 10 + [False]


def test_callers_do_not_share(time: Time) -> None:
    limit = Limit("viewer", 1, 1)
    assert takes(limit, "a") is None
    assert takes(limit, "a")
    assert takes(limit, "b") is None


def test_0_is_no_limit(time: Time) -> None:
    limit = Limit("viewer", 0, 10)
    assert all(takes(limit) is None for _ in range(1_000))
    assert limit.take_up_to("a", 10**9) == 10**9


def test_the_answer_says_which_limit_and_how_long_to_wait(time: Time) -> None:
    limit = Limit("viewer", 50, 10)
    for _ in range(500):
        limit.take("a")
    refused = takes(limit)
    assert refused is not None
    assert refused.problem.name == "rate-limited"
    assert refused.members()["retry_after_s"] == 1
    assert refused.headers() == {
        "cache-control": "no-store",
        "retry-after": "1",
        "ratelimit": '"viewer";r=0;t=1',
        "ratelimit-policy": '"viewer";q=500;w=10',
    }


@given(per_s=st.integers(1, 100), burst_s=st.integers(1, 10), start=st.floats(0, 1e7), pauses=st.lists(st.floats(0, 3)))
def test_who_waits_as_long_as_told_is_let_in(per_s: int, burst_s: int, start: float, pauses: list[float]) -> None:
    time = Time()
    time.s = start
    with patch.object(limit_module, "monotonic", time):
        limit = Limit("viewer", per_s, burst_s)
        for pause in pauses:
            while (refused := takes(limit)) is None:
                pass
            time.s += refused.members()["retry_after_s"]
            assert takes(limit) is None
            time.s += pause


@given(
    per_s=st.integers(1, 60),
    burst_s=st.integers(1, 5),
    start=st.floats(0, 1e7),
    asks=st.lists(st.tuples(st.floats(0, 2), st.integers(1, 200), st.booleans()), min_size=1, max_size=40),
)
def test_in_no_time_more_than_burst_and_rate(
    per_s: int, burst_s: int, start: float, asks: list[tuple[float, int, bool]]
) -> None:
    """However requests come, one by one or many at once: what is let through between any two moments is bounded."""
    time = Time()
    time.s = start
    admitted: list[tuple[float, int]] = []
    with patch.object(limit_module, "monotonic", time):
        limit = Limit("taps", per_s, burst_s)
        for pause, wanted, at_once in asks:
            time.s += pause
            if at_once:
                admitted.append((time.s, limit.take_up_to("a", wanted)))
            else:
                admitted += [(time.s, 1) for _ in range(wanted) if takes(limit) is None]
    if not admitted:
        return
    moments = sorted({moment for moment, _ in admitted})
    for first, last in [(moment, moment) for moment in moments] + list(combinations(moments, 2)):
        through = sum(count for moment, count in admitted if first <= moment <= last)
        assert through <= math.floor(per_s * burst_s + per_s * (last - first) + 0.002)


@given(per_s=st.integers(1, 60), burst_s=st.integers(1, 5), wanted=st.integers(1, 1_000), used=st.integers(0, 300))
def test_as_many_as_there_is_room_for(per_s: int, burst_s: int, wanted: int, used: int) -> None:
    with patch.object(limit_module, "monotonic", Time()):
        limit = Limit("taps", per_s, burst_s)
        used = limit.take_up_to("a", used) if used else 0
        room = per_s * burst_s - used
        assert limit.take_up_to("a", wanted) == min(wanted, room)
        assert limit.take_up_to("a", 1) == (1 if wanted < room else 0)


def test_what_is_refused_costs_nothing(time: Time) -> None:
    limit = Limit("viewer", 1, 1)
    limit.take("a")
    for _ in range(100):
        with pytest.raises(Refused):
            limit.take("a")
    time.s += 1.01
    limit.take("a")


def test_a_caller_stays_limited_while_few_others_come_and_memory_is_bounded(time: Time) -> None:
    limit = Limit("viewer", 1, 1, max_callers=10)
    limit.take("a")
    for number in range(9):
        limit.take(f"other-{number}")
    assert takes(limit)
    for number in range(1_000):
        limit.take(f"another-{number}")
    assert takes(limit) is None
