"""What an operator says: which tables there are to keep, and spans of time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from contracts import tables
from ovation.errors import OvationError

Unit = Literal["d", "w", "y"]

SHORTEST_DAYS = 10
"""Kafka retains votes for 8 days, and a job remembers a voter for 9: whoever counts them again must find the row."""
LONGEST_YEARS = 50
"""ClickHouse's clock for this ends in 2106, and begins anew."""

_DAYS: Mapping[Unit, int] = {"d": 1, "w": 7, "y": 365}
INTERVALS: Mapping[Unit, str] = {"d": "toIntervalDay", "w": "toIntervalWeek", "y": "toIntervalYear"}
_SAID = re.compile(r"(?P<kind>[a-z]+)=(?:(?P<forever>forever)|(?P<number>\d{1,5})(?P<unit>[dwy]))")


@dataclass(frozen=True, slots=True)
class Kind:
    """What an operator names: its table, and the column by which it expires; without one it is always kept."""

    table: str
    holds: str
    expires_by: str | None


KINDS: Mapping[str, Kind] = {
    "windows": Kind(tables.REACTION_WINDOWS, "taps by second", "window_start"),
    "minutes": Kind(tables.REACTION_MINUTES, "taps by minute", "minute_start"),
    "hours": Kind(tables.REACTION_HOURS, "taps by hour", "hour_start"),
    "video": Kind(tables.VIDEO_WINDOWS, "taps by second of the video", "stored_on"),
    "reactors": Kind(tables.REACTOR_SAMPLES, "a sample of who tapped", "minute_start"),
    "ballots": Kind(tables.BALLOTS, "one row per voter and poll", "last_voted_at"),
    # The row that ends a stream would go, and an older one stay that says it is live: `ended_at` is NULL there.
    "streams": Kind(tables.STREAMS, "what the broadcaster said of a stream", None),
    "polls": Kind(tables.POLLS, "questions, options and rules", None),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as an operator says it: `90d`, `6w`, `2y`."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    @property
    def interval(self) -> str:
        """ClickHouse's own spelling."""
        return f"{INTERVALS[self.unit]}({self.number})"


def read_wishes(words: Sequence[str]) -> dict[str, Span | None]:
    """Read `windows=90d minutes=2y reactors=forever`; None is for ever. Raises OvationError."""
    wishes: dict[str, Span | None] = {}
    for word in words:
        found = _SAID.fullmatch(word)
        if found is None:
            raise OvationError(f"{word} is not like windows=90d, minutes=2y, reactors=6w or ballots=forever.")
        kind = found["kind"]
        if kind not in KINDS:
            raise OvationError(f"{kind} is none of {', '.join(KINDS)}.")
        if kind in wishes:
            raise OvationError(f"{kind} is said twice.")
        wishes[kind] = None if found["forever"] else _span(kind, int(found["number"]), found["unit"])
    return wishes


def _span(kind: str, number: int, unit: Any) -> Span:
    if KINDS[kind].expires_by is None:
        raise OvationError(f"{kind} are always kept: they are few, and everything else is read with them.")
    days = number * _DAYS[unit]
    if not SHORTEST_DAYS <= days <= LONGEST_YEARS * _DAYS["y"]:
        raise OvationError(f"{kind} can be kept for {SHORTEST_DAYS}d to {LONGEST_YEARS}y, or forever.")
    return Span(number, unit)
