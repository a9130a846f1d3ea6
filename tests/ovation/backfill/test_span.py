import pytest

from contracts.topics import HOUR_MS
from ovation.backfill.span import Span, read_span
from ovation.errors import OvationError

SIX = 1_764_007_200_000
"""2025-11-24T18:00Z."""


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2025-11-24T18:00", "2025-11-24T20:00"),
        ("2025-11-24T18:59:59.999", "2025-11-24T19:00:00.001"),
        ("2025-11-24T19:10+01:00", "2025-11-24T14:45-05:00"),
        ("2025-11-24T18:00Z", "2025-11-24 20:00"),
    ],
)
def test_a_span_is_widened_to_whole_hours_and_a_time_is_utc(begin: str, end: str) -> None:
    assert read_span(begin, end) == Span(SIX, SIX + 2 * HOUR_MS)


def test_a_day_is_a_time_too() -> None:
    assert str(read_span("2025-11-24", "2025-11-25")) == "2025-11-24 00:00 to 2025-11-25 00:00 UTC"


def test_no_times_are_no_span() -> None:
    assert read_span(None, None) is None


@pytest.mark.parametrize(
    ("begin", "end", "sentence"),
    [
        ("2025-11-24T18:00", None, "--from and --to belong together"),
        (None, "2025-11-24T18:00", "--from and --to belong together"),
        ("yesterday", "2025-11-24T18:00", "'yesterday' is no time: write 2026-11-24T18:00"),
        ("2025-11-24T18:00", "1763800000000", "'1763800000000' is no time"),
        ("2025-11-24T18:01", "2025-11-24T18:00", "--from 2025-11-24T18:01 is later than --to 2025-11-24T18:00"),
        ("2025-11-24T18:30", "2025-11-24T18:30", "there is nothing between them"),
        ("0001-01-01", "2025-11-24T18:00", "0001-01-01 is outside of the years"),
        ("2025-11-24T18:00", "9999-12-31T23:59", "9999-12-31T23:59 is outside of the years"),
    ],
)
def test_what_is_no_span_is_one_sentence(begin: str | None, end: str | None, sentence: str) -> None:
    with pytest.raises(OvationError, match=r"^[^\n]+$") as caught:
        read_span(begin, end)
    assert sentence in str(caught.value)
