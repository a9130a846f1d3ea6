"""Asks the history about one stream. Everything raises Refused when ClickHouse does not answer in time."""

from typing import Any

from contracts.limits import MAX_STREAM_MS
from contracts.windows import MINUTE_MS, WINDOW_MS
from gateway.control.model import Poll, Stream
from gateway.history import queries
from gateway.history.answers import Moment, Moments, PollStep, PollTimeline, Step, Timeline
from gateway.history.client import History
from gateway.history.span import Clock, Span
from gateway.history.times import ms_of, text_of

_AFTER_THE_END_MS = 60_000
"""Taps that were on their way when the stream ended have windows of their own."""
_TIMELINE = queries.named("reactions_timeline")
_TIMELINE_BY_MINUTE = queries.named("timeline_by_minute")
_VIDEO_TIMELINE = queries.named("video_timeline")
_VIDEO_MOMENTS = queries.named("video_moments")
_MOMENTS = queries.named("moments")
_VOTES = queries.named("votes_over_time")


async def timeline(history: History, stream_id: str, span: Span) -> Timeline:
    """Return the reactions of a span, by step."""
    query, parameters = _timeline_question(span)
    rows = await history.rows(query, {"stream_id": stream_id, "step_s": span.step_s, **parameters})
    moment = ms_of if span.clock == "wall" else _video_ms
    return Timeline(
        stream_id=stream_id,
        clock=span.clock,
        from_ms=span.from_ms,
        to_ms=span.to_ms,
        step_s=span.step_s,
        steps=[Step(moment(start), taps, dict(by_emoji)) for start, taps, by_emoji in rows],
    )


async def moments(history: History, stream: Stream, clock: Clock, step_s: int, score: float, top: int) -> Moments:
    """Return the moments of a stream."""
    parameters = {"stream_id": stream.stream_id, "step_s": step_s, "score": score, "top": top}
    found = []
    if clock == "video":
        for begins_s, ends_s, taps, peak_s, peak_score, leader in await history.rows(_VIDEO_MOMENTS, parameters):
            times = {"begins": _video_ms(begins_s), "ends": _video_ms(ends_s), "peak": _video_ms(peak_s)}
            found.append(Moment(at_s=begins_s, taps=taps, score=peak_score, leader=leader, **times))
    else:
        until_ms = (stream.ended_at or stream.created_at + MAX_STREAM_MS) + _AFTER_THE_END_MS
        parameters["since"] = text_of(stream.created_at - stream.created_at % WINDOW_MS)
        parameters["until"] = text_of(until_ms)
        for begins, ends, at_s, taps, peak, peak_score, leader in await history.rows(_MOMENTS, parameters):
            times = {"begins": ms_of(begins), "ends": ms_of(ends), "peak": ms_of(peak)}
            found.append(Moment(at_s=max(0, at_s), taps=taps, score=peak_score, leader=leader, **times))
    return Moments(stream_id=stream.stream_id, clock=clock, step_s=step_s, moments=found)


async def poll_timeline(history: History, poll: Poll, step_s: int) -> PollTimeline:
    """Return how the votes of a poll came in, by step."""
    steps: dict[int, PollStep] = {}
    parameters = {"stream_id": poll.stream_id, "poll_id": poll.poll_id, "step_s": step_s}
    for start, option_id, votes, so_far in await history.rows(_VOTES, parameters):
        step = steps.setdefault(ms_of(start), PollStep(ms_of(start), {}, {}))
        step.votes[option_id] = votes
        step.so_far[option_id] = so_far
    return PollTimeline(stream_id=poll.stream_id, poll_id=poll.poll_id, step_s=step_s, steps=list(steps.values()))


def _timeline_question(span: Span) -> tuple[str, dict[str, Any]]:
    if span.clock == "video":
        return _VIDEO_TIMELINE, {"since_s": span.from_ms // 1000, "until_s": -(-span.to_ms // 1000)}
    query = _TIMELINE_BY_MINUTE if span.in_minutes else _TIMELINE
    since_ms = span.from_ms - span.from_ms % MINUTE_MS if span.in_minutes else span.from_ms
    return query, {"since": text_of(since_ms), "until": text_of(span.to_ms)}


def _video_ms(second: int) -> int:
    return second * 1000
