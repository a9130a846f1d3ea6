"""The steps in the life of a stream and of a poll. Each returns the record as it is after the step, or the same one."""

from msgspec.structs import replace

from gateway import problems
from gateway.control.model import Poll, Stream
from gateway.refusal import Refused


def end_stream(stream: Stream, now_ms: int) -> Stream:
    """End a stream. An ended one stays as it is."""
    if stream.status == "ended":
        return stream
    return replace(stream, at=now_ms, status="ended", ended_at=now_ms)


def open_poll(poll: Poll, now_ms: int) -> Poll:
    """Open a draft; its time starts now. An open poll stays as it is. Raises Refused for a closed one."""
    status = poll.status_at(now_ms)
    if status == "open":
        return poll
    if status != "draft":
        raise Refused(problems.CLOSED_POLL)
    closes_at = None if poll.closes_at is None else now_ms + poll.closes_at - poll.created_at
    return replace(poll, at=now_ms, status="open", opened_at=now_ms, closes_at=closes_at)


def close_poll(poll: Poll, now_ms: int) -> Poll:
    """Close an open poll. A closed one stays as it is. Raises Refused for a draft."""
    if poll.status == "draft":
        raise Refused(problems.POLL_NOT_OPEN)
    if poll.status != "open":
        return poll
    return replace(poll, at=now_ms, status="closed", closed_at=now_ms)
