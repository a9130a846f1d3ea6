"""Which part of a stream somebody asks about, and in what steps: read from a query string, and bounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from contracts.limits import MAX_STEP_S, MAX_VIDEO_MS
from contracts.windows import MINUTE_MS, WINDOW_MS
from gateway import problems
from gateway.control.model import Stream
from gateway.refusal import Refused

MAX_STEPS = 5_000
MAX_SPAN_MS = 31 * 24 * 3_600_000
MAX_TIME_MS = 9_999_999_999_999
_USUAL_STEPS = 500
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, MAX_STEP_S)

Clock = Literal["wall", "video"]
"""What times go by: `wall`, milliseconds since the epoch; or `video`, milliseconds from the beginning of the video."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `from_ms` to before `to_ms` of a clock, in steps of `step_s` seconds.

    `in_minutes`: sums of whole minutes say the same.
    """

    clock: Clock
    from_ms: int
    to_ms: int
    step_s: int
    in_minutes: bool = False


def clock_of(query: Mapping[str, str]) -> Clock:
    """Return the clock that `clock` asks for; else the wall's. Raises Refused for one that is none."""
    for clock in get_args(Clock):
        if query.get("clock", "wall") == clock:
            return clock  # type: ignore[no-any-return]
    raise Refused(problems.INVALID_FIELD, "`clock` is `wall` or `video`.", "clock")


def span_of(query: Mapping[str, str], stream: Stream, now_ms: int) -> Span:
    """Return the span that `clock`, `from`, `to` and `step` ask for; what is left out is that of the whole stream.

    Raises Refused for what is no number or out of bounds, for reversed times, and for too many steps.
    """
    clock = clock_of(query)
    latest_ms = MAX_TIME_MS if clock == "wall" else MAX_VIDEO_MS + WINDOW_MS
    from_ms, to_ms = (number(query, name, 0, latest_ms) for name in ("from", "to"))
    is_whole = all(given is None or given % MINUTE_MS == 0 for given in (from_ms, to_ms))
    # The first taps are in the window in which the stream was created, which began before it; and the last window
    # begins before the end.
    began_ms = stream.created_at - stream.created_at % WINDOW_MS
    zero_ms = began_ms if clock == "video" else 0
    if from_ms is None:
        from_ms = began_ms - zero_ms
    if to_ms is None:
        to_ms = max((stream.ended_at or now_ms) - zero_ms, from_ms) + WINDOW_MS
    if to_ms <= from_ms:
        raise Refused(problems.REVERSED_SPAN, field="to")
    if to_ms - from_ms > MAX_SPAN_MS:
        raise Refused(problems.WIDE_SPAN, f"At most {MAX_SPAN_MS} ms are answered at once.", "to")
    step_s = step_of(query, to_ms - from_ms)
    return Span(clock, from_ms, to_ms, step_s, in_minutes=is_whole and step_s * 1000 % MINUTE_MS == 0)


def step_of(query: Mapping[str, str], span_ms: int) -> int:
    """Return the seconds of a step that `step` asks for, else as many as suit the span. Raises Refused as above."""
    step_s = number(query, "step", 1, MAX_STEP_S) or _step(span_ms, _USUAL_STEPS)
    if span_ms > step_s * 1000 * MAX_STEPS:
        enough_s = _step(span_ms, MAX_STEPS)
        raise Refused(problems.TOO_MANY_STEPS, f"At most {MAX_STEPS} are; `step={enough_s}` would do.", "step")
    return step_s


def number(query: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    """Return a whole number of the query, or None where it has none. Raises Refused for what is none, or too large."""
    text = query.get(name)
    if text is None:
        return None
    # Python reads more as a number than anybody means.
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise Refused(problems.INVALID_FIELD, f"`{name}` is a whole number from {least} to {most}.", name)
    return int(text)


def _step(span_ms: int, steps: int) -> int:
    return next((step_s for step_s in _STEPS_S if span_ms <= step_s * 1000 * steps), MAX_STEP_S)
