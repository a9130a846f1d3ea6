import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovation.audience.latencies import Latencies, Summary

durations = st.lists(st.floats(0.000_01, 100), min_size=1, max_size=200)


def measured(seconds: list[float]) -> Latencies:
    latencies = Latencies()
    for each in seconds:
        latencies.add(each)
    return latencies


@given(durations, st.sampled_from([0.5, 0.9, 0.99, 1.0]))
def test_a_percentile_is_right_to_two_percent(seconds: list[float], share: float) -> None:
    exact = sorted(seconds)[math.ceil(len(seconds) * share) - 1] * 1e3
    assert measured(seconds).percentile(share) == pytest.approx(exact, rel=0.02)


@given(durations)
def test_percentiles_do_not_exceed_the_exact_maximum(seconds: list[float]) -> None:
    summary = measured(seconds).summary()
    assert summary.count == len(seconds)
    assert summary.p50 is not None and summary.p99 is not None and summary.max is not None
    assert summary.p50 <= summary.p99 <= summary.max == round(max(seconds) * 1e3, 1)


def test_without_durations_there_are_no_figures() -> None:
    assert Latencies().summary() == Summary(0)
    assert Latencies().percentile(0.5) is None


def test_looking_back_sees_only_what_is_new() -> None:
    latencies = measured([1.0] * 100)
    earlier = latencies.copy()
    for _ in range(3):
        latencies.add(0.05)
    recent = latencies.since(earlier)
    assert recent.count == 3
    assert recent.percentile(0.99) == pytest.approx(50, rel=0.02)
    assert latencies.count == 103 and earlier.count == 100
