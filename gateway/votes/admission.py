"""Which votes are taken, and which of them can count."""

from collections.abc import Sequence

from contracts.choices import pack
from contracts.limits import GRACE_MS
from gateway import problems
from gateway.auth.viewer import Claims
from gateway.control.model import ClaimValue, Poll, PollStatus, Stream
from gateway.problems import Problem
from gateway.refusal import Refused

WITHDRAWAL = 0
"""The choices of a withdrawal, as bits."""

_TAKES_NOTHING: dict[PollStatus, Problem] = {
    "draft": problems.POLL_NOT_OPEN,
    "scheduled": problems.POLL_NOT_OPEN,
    "paused": problems.PAUSED_POLL,
    "final": problems.FINAL_POLL,
    "cancelled": problems.CANCELLED_POLL,
}


def check_stream(stream: Stream, poll: Poll, now_ms: int) -> None:
    """Raise Refused if the stream's end stands against a vote.

    The end closes the stream's polls, a moment after it: until then they have their grace, and then they take late
    votes as any closed poll does.
    """
    if stream.is_live_at(now_ms) or poll.status_at(now_ms) in ("closed", "final"):
        return
    if stream.ended_at is None or now_ms > stream.ended_at + GRACE_MS:
        raise Refused(problems.ENDED_STREAM)


def check_status(poll: Poll, now_ms: int) -> None:
    """Raise Refused unless the poll takes votes at `now_ms`: while it is open, and late ones until it is final."""
    problem = _TAKES_NOTHING.get(poll.status_at(now_ms))
    if problem is not None:
        raise Refused(problem)


def check_choices(poll: Poll, choices: list[str]) -> int:
    """Return the choices as bits (contracts.choices). Raises Refused unless the poll's rules allow them."""
    if not choices:
        raise Refused(problems.NO_CHOICES, field="choices")
    offered = {option.id for option in poll.options}
    for choice in choices:
        if choice not in offered:
            raise Refused(problems.UNKNOWN_OPTION, field="choices")
    if len(set(choices)) < len(choices):
        raise Refused(problems.DUPLICATE_CHOICES, field="choices")
    if len(choices) > poll.max_choices:
        detail = f"This poll allows {poll.max_choices} choice(s)."
        raise Refused(problems.TOO_MANY_CHOICES, detail, field="choices")
    return pack(choices)


def check_withdrawal(poll: Poll) -> int:
    """Return the choices of a withdrawal. Raises Refused unless the poll's rules allow one."""
    if not poll.allow_withdraw:
        raise Refused(problems.NOT_WITHDRAWABLE)
    return WITHDRAWAL


def is_eligible(poll: Poll, claims: Claims) -> bool:
    """Return whether a viewer with these claims may vote: each claim that the poll names has one of its values.

    A claim that is a list has every value in it. Values are the same only if their types are: `true` is not 1, and "1"
    is neither.
    """
    return all(_has_one_of(values, claims.get(claim)) for claim, values in poll.eligibility.items())


def _has_one_of(values: Sequence[ClaimValue], claim: object) -> bool:
    claimed = claim if isinstance(claim, list) else [claim]
    return any(type(value) is type(each) and value == each for value in values for each in claimed)
