"""The span of time that is counted again: whole hours, because sums by the hour are written too."""

import datetime as dt
from dataclasses import dataclass

from contracts.topics import HOUR_MS
from ovation.errors import OvationError

FIRST_MS, LAST_MS = 1_000_000_000_000, 9_999_999_999_999
"""Times that a record may have (contracts/schemas)."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `since_ms` on, and before `until_ms`; epoch milliseconds."""

    since_ms: int
    until_ms: int

    def __str__(self) -> str:
        return f"{shown(self.since_ms)} to {shown(self.until_ms)} UTC"


def shown(at_ms: float) -> str:
    """Return a time as messages show it, to the minute, UTC."""
    return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC).strftime("%Y-%m-%d %H:%M")


def read_span(begin: str | None, end: str | None) -> Span | None:
    """Return the whole hours that hold what is between two times, or None where neither is given.

    Raises OvationError for one alone, for what is no time, and for what is reversed or empty.
    """
    if begin is None and end is None:
        return None
    if begin is None or end is None:
        raise OvationError("--from and --to belong together: one of them is missing.")
    since_ms, until_ms = _moment(begin), _moment(end)
    if since_ms > until_ms:
        raise OvationError(f"--from {begin} is later than --to {end}.")
    if since_ms == until_ms:
        raise OvationError(f"--from and --to are both {begin}: there is nothing between them.")
    return Span(since_ms - since_ms % HOUR_MS, until_ms + -until_ms % HOUR_MS)


def _moment(text: str) -> int:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise OvationError(
            f"{text!r} is no time: write 2026-11-24T18:00, which is UTC, or an offset behind it, as in +01:00."
        ) from error
    at_ms = int((moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp() * 1000)
    if not FIRST_MS <= at_ms <= LAST_MS - HOUR_MS:
        raise OvationError(f"{text} is outside of the years in which anything was or will be counted.")
    return at_ms
