from hypothesis import given
from hypothesis import strategies as st

from contracts.windows import WINDOW_MS, window_start


@given(st.integers(1_000_000_000_000, 9_999_999_999_999))
def test_a_window_holds_what_starts_it_and_nothing_of_the_next(at_ms: int) -> None:
    start = window_start(at_ms)
    assert start <= at_ms < start + WINDOW_MS
    assert window_start(start) == start
    assert window_start(start + WINDOW_MS) == start + WINDOW_MS
