"""The steps in the life of a stream and of a poll.

Each returns the record as it is after the step, or the same one where the step changes nothing; who wrote it, when, and
its revision are the writer's to say (gateway/control/writer.py). A step that is not allowed raises Refused.
"""

from msgspec.structs import replace

from gateway import problems
from gateway.control.model import Poll, PollStatus, Result, Stream
from gateway.problems import Problem
from gateway.refusal import Refused

_REFUSALS: dict[PollStatus, Problem] = {
    "draft": problems.POLL_NOT_OPEN,
    "scheduled": problems.POLL_NOT_OPEN,
    "open": problems.CONFLICT,
    "paused": problems.PAUSED_POLL,
    "closed": problems.CLOSED_POLL,
    "final": problems.FINAL_POLL,
    "cancelled": problems.CANCELLED_POLL,
}


def end_stream(stream: Stream, now_ms: int) -> Stream:
    """End a stream. An ended one stays as it is."""
    return stream if stream.status == "ended" else replace(stream, status="ended", ended_at=now_ms)


def keep_time(poll: Poll, now_ms: int) -> Poll:
    """Write down what the clock has made of a poll: opened at its time, closed at its time."""
    status = poll.status_at(now_ms)
    if status == poll.status:
        return poll
    opened_at = poll.opening_ms
    closed_at = poll.closing_ms if status == "closed" else None
    return replace(poll, status=status, opened_at=opened_at, closed_at=closed_at)


def open_poll(poll: Poll, now_ms: int) -> Poll:
    """Open a draft or a scheduled poll, whose time starts now; or a paused one, whose time went on."""
    poll = keep_time(poll, now_ms)
    if poll.status == "open":
        return poll
    if poll.status == "paused":
        return replace(poll, status="open")
    _require(poll, "draft", "scheduled")
    opened = replace(poll, status="open", opened_at=now_ms)
    if opened.status_at(now_ms) != "open":
        raise Refused(problems.INVALID_SCHEDULE, "The poll's closing time is over.", "closes_at")
    return opened


def pause_poll(poll: Poll, now_ms: int) -> Poll:
    """Take no votes for a while. The closing time stays."""
    poll = keep_time(poll, now_ms)
    if poll.status == "paused":
        return poll
    _require(poll, "open")
    return replace(poll, status="paused")


def close_poll(poll: Poll, now_ms: int) -> Poll:
    """Close an open or paused poll. One that is over stays as it is, unless it was cancelled."""
    poll = keep_time(poll, now_ms)
    if poll.status in ("closed", "final"):
        return poll
    _require(poll, "open", "paused")
    return replace(poll, status="closed", closed_at=now_ms)


def cancel_poll(poll: Poll, now_ms: int) -> Poll:
    """Call a poll off: nothing of it counts, and its voter key is destroyed. A final poll cannot be."""
    poll = keep_time(poll, now_ms)
    if poll.status == "cancelled":
        return poll
    _require(poll, "draft", "scheduled", "open", "paused", "closed")
    closed_at = now_ms if poll.status in ("open", "paused") else poll.closed_at
    return replace(poll, status="cancelled", closed_at=closed_at, voter_salt=None)


def finish_poll(poll: Poll, result: Result, now_ms: int) -> Poll:
    """Make a closed poll final, and destroy its voter key. A final one stays as it is, whatever the result."""
    poll = keep_time(poll, now_ms)
    if poll.status == "final":
        return poll
    if poll.status in ("open", "paused"):
        raise Refused(problems.CONFLICT, "The poll is open.")
    _require(poll, "closed")
    return replace(poll, status="final", final_at=now_ms, result=result, voter_salt=None)


def end_poll(poll: Poll, now_ms: int) -> Poll:
    """End a poll with its stream: close what had opened, cancel what had not."""
    poll = keep_time(poll, now_ms)
    if poll.status in ("draft", "scheduled"):
        return cancel_poll(poll, now_ms)
    return close_poll(poll, now_ms) if poll.status in ("open", "paused") else poll


def _require(poll: Poll, *statuses: PollStatus) -> None:
    if poll.status not in statuses:
        raise Refused(_REFUSALS[poll.status])
