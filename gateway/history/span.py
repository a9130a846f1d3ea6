"""Which part of a stream somebody asks about, and in what steps: read from a query string, and bounded."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.limits import MAX_STEP_S
from gateway import problems
from gateway.control.model import Stream
from gateway.refusal import Refused

MAX_STEPS = 5_000
MAX_SPAN_MS = 31 * 24 * 3_600_000
MAX_TIME_MS = 9_999_999_999_999
_USUAL_STEPS = 500
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, MAX_STEP_S)
_WINDOW_MS = 1_000


@dataclass(frozen=True, slots=True)
class Span:
    """From `from_ms` to before `to_ms`, epoch milliseconds, in steps of `step_s` seconds."""

    from_ms: int
    to_ms: int
    step_s: int


def span_of(query: Mapping[str, str], stream: Stream, now_ms: int) -> Span:
    """Return the span that `from`, `to` and `step` ask for; what is left out is that of the whole stream.

    Raises Refused for what is no number or out of bounds, for reversed times, and for too many steps.
    """
    from_ms = number(query, "from", 0, MAX_TIME_MS)
    to_ms = number(query, "to", 0, MAX_TIME_MS)
    if from_ms is None:
        # The first taps are in the window in which the stream was created, which began before it.
        from_ms = stream.created_at - stream.created_at % _WINDOW_MS
    if to_ms is None:
        # The last window begins before the end.
        to_ms = max(stream.ended_at or now_ms, from_ms) + _WINDOW_MS
    if to_ms <= from_ms:
        raise Refused(problems.REVERSED_SPAN, field="to")
    if to_ms - from_ms > MAX_SPAN_MS:
        raise Refused(problems.WIDE_SPAN, f"At most {MAX_SPAN_MS} ms are answered at once.", "to")
    return Span(from_ms, to_ms, step_of(query, to_ms - from_ms))


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
