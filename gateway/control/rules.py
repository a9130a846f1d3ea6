"""Which rules and times a poll may have: what its fields say together. Bounds of single ones are the decoder's."""

from contracts.limits import MAX_POLL_MS, MAX_STREAM_MS
from gateway import problems
from gateway.control.model import Poll
from gateway.refusal import Refused


def check_rules(poll: Poll) -> None:
    """Raise Refused unless a vote can follow the poll's rules."""
    offered = {option.id for option in poll.options}
    if poll.max_choices > len(offered):
        raise _contradiction("There are more choices than options.", "max_choices")
    if poll.allow_withdraw and not poll.allow_change:
        raise _contradiction("A vote that can be withdrawn can be changed: it needs `allow_change`.", "allow_withdraw")
    if not offered.issuperset(poll.correct):
        raise _contradiction("A right answer is the id of an option: its number, counted from 1.", "correct")
    if len(set(poll.correct)) < len(poll.correct):
        raise _contradiction("A right answer is there twice.", "correct")


def check_times(poll: Poll, now_ms: int) -> None:
    """Raise Refused unless the poll's times, set at `now_ms`, are still to come, in order, and not too far."""
    if poll.status == "scheduled":
        _check_ahead("opens_at", poll.opens_at, now_ms, MAX_STREAM_MS)
    opening_ms = poll.opening_ms
    _check_ahead("closes_at", poll.closes_at, now_ms, MAX_STREAM_MS + MAX_POLL_MS)
    if opening_ms is None:
        return
    if poll.closes_at is not None:
        if poll.closes_at <= opening_ms:
            raise _wrong_time("It closes before it opens.", "closes_at")
        if poll.closes_at > opening_ms + MAX_POLL_MS:
            raise _wrong_time("No poll is open for so long.", "closes_at")
    if poll.closes_in_s is not None and opening_ms + poll.closes_in_s * 1000 <= now_ms:
        raise _wrong_time("Counted from its opening, this is over.", "closes_in_s")


def _check_ahead(field: str, at_ms: int | None, now_ms: int, longest_ms: int) -> None:
    if at_ms is None:
        return
    if at_ms <= now_ms:
        raise _wrong_time("The time is over.", field)
    if at_ms > now_ms + longest_ms:
        raise _wrong_time("The time is too far away.", field)


def _contradiction(detail: str, field: str) -> Refused:
    return Refused(problems.INVALID_RULES, detail, field)


def _wrong_time(detail: str, field: str) -> Refused:
    return Refused(problems.INVALID_SCHEDULE, detail, field)
