"""Asks the history about one stream. Everything raises Refused when ClickHouse does not answer in time."""

import datetime as dt
from typing import Any

from contracts.limits import MAX_STREAM_MS
from contracts.windows import WINDOW_MS
from gateway.control.model import Poll, Stream
from gateway.history import queries
from gateway.history.answers import Moment, Moments, PollStep, PollTimeline, Step, Timeline
from gateway.history.client import History
from gateway.history.span import Span

_AFTER_THE_END_MS = 60_000
"""Taps that were on their way when the stream ended have windows of their own."""
_TIMELINE = queries.named("reactions_timeline")
_MOMENTS = queries.named("moments")
_VOTES = queries.named("votes_over_time")


async def timeline(history: History, stream_id: str, span: Span) -> Timeline:
    """Return the reactions of a span, by step."""
    rows = await history.rows(
        _TIMELINE,
        {"stream_id": stream_id, "since": _text(span.from_ms), "until": _text(span.to_ms), "step_s": span.step_s},
    )
    steps = [Step(_ms(start), taps, dict(by_emoji)) for start, taps, by_emoji in rows]
    return Timeline(stream_id=stream_id, from_ms=span.from_ms, to_ms=span.to_ms, step_s=span.step_s, steps=steps)


async def moments(history: History, stream: Stream, step_s: int, score: float, top: int) -> Moments:
    """Return the moments of a stream."""
    until_ms = (stream.ended_at or stream.created_at + MAX_STREAM_MS) + _AFTER_THE_END_MS
    span = {"since": _text(stream.created_at - stream.created_at % WINDOW_MS), "until": _text(until_ms)}
    parameters = {"stream_id": stream.stream_id, "step_s": step_s, "score": score, "top": top, **span}
    found = []
    for begins, ends, at_s, taps, peak, peak_score, leader in await history.rows(_MOMENTS, parameters):
        found.append(
            Moment(
                begins=_ms(begins),
                ends=_ms(ends),
                at_s=max(0, at_s),
                taps=taps,
                peak=_ms(peak),
                score=peak_score,
                leader=leader,
            )
        )
    return Moments(stream_id=stream.stream_id, step_s=step_s, moments=found)


async def poll_timeline(history: History, poll: Poll, step_s: int) -> PollTimeline:
    """Return how the votes of a poll came in, by step."""
    steps: dict[int, PollStep] = {}
    parameters = {"stream_id": poll.stream_id, "poll_id": poll.poll_id, "step_s": step_s}
    for start, option_id, votes, so_far in await history.rows(_VOTES, parameters):
        step = steps.setdefault(_ms(start), PollStep(_ms(start), {}, {}))
        step.votes[option_id] = votes
        step.so_far[option_id] = so_far
    return PollTimeline(stream_id=poll.stream_id, poll_id=poll.poll_id, step_s=step_s, steps=list(steps.values()))


def _text(ms: int) -> str:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _ms(moment: Any) -> int:
    """Return a time of ClickHouse, which all are UTC, whether its type says so or not."""
    return int(moment.replace(tzinfo=dt.UTC).timestamp() * 1000)
