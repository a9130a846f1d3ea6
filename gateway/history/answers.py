"""What the history answers about one stream, as JSON.

Times are milliseconds of the clock that was asked for: since the epoch, UTC, or from the beginning of the video.
"""

from typing import Any

import msgspec


class Step(msgspec.Struct, frozen=True):
    """Taps of one step. A step without taps is left out before the first and after the last."""

    start: int
    taps: int
    counts: dict[str, int]


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """Reactions from `from` to before `to`; the first step may begin before it, since steps are whole."""

    stream_id: str
    clock: str
    from_ms: int = msgspec.field(name="from")
    to_ms: int = msgspec.field(name="to")
    step_s: int
    steps: list[Step]


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A burst of reactions. `at_s` is its second in the video: by the wall clock, of one that began with the stream.

    `score` is how far its loudest step, at `peak`, is above the stream's median, in robust standard deviations.
    """

    begins: int
    ends: int
    at_s: int
    taps: int
    peak: int
    score: float
    leader: str


class Moments(msgspec.Struct, frozen=True, kw_only=True):
    """The moments of a stream, the highest first."""

    stream_id: str
    clock: str
    step_s: int
    moments: list[Moment]


class PollStep(msgspec.Struct, frozen=True):
    """Votes that count by when they were cast, and the sum up to then, by option. What got none is left out."""

    start: int
    votes: dict[str, int]
    so_far: dict[str, int]


class PollTimeline(msgspec.Struct, frozen=True, kw_only=True):
    """How a poll's result came about."""

    stream_id: str
    poll_id: str
    step_s: int
    steps: list[PollStep]


class Column(msgspec.Struct, frozen=True):
    """A column of an export, and its type in ClickHouse."""

    name: str
    type: str


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """A page of an export as ClickHouse writes JSON. Times are text, UTC."""

    meta: list[Column]
    data: list[dict[str, Any]]
    rows: int
    rows_before_limit_at_least: int = 0
