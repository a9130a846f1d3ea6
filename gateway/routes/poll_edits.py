"""From what a broadcaster writes to the poll that it means, and back to what is answered. Pure functions."""

import secrets
from base64 import urlsafe_b64encode
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from contracts.choices import option_id
from contracts.limits import GRACE_MS
from gateway import problems
from gateway.control.changes import keep_time
from gateway.control.model import OVER, Option, Poll
from gateway.control.rules import check_rules, check_times
from gateway.refusal import Refused
from gateway.routes.poll_shapes import NewPoll, PollAnswer, PollChange
from gateway.votes.visibility import is_revealed

_TIMES = ("opens_at", "closes_at", "closes_in_s")
_REFUSALS = {
    "closed": problems.CLOSED_POLL,
    "final": problems.FINAL_POLL,
    "cancelled": problems.CANCELLED_POLL,
}


def made(new: NewPoll, stream_id: str, poll_id: str, stamp: dict[str, Any]) -> Poll:
    """Return the poll to create; `stamp` is the writer's. Raises Refused if rules or times cannot be."""
    now_ms = stamp["at"]
    if new.open and new.opens_at is not None:
        raise Refused(problems.INVALID_SCHEDULE, "It opens at once or at a time, not both.", "opens_at")
    poll = Poll(
        **stamp,
        stream_id=stream_id,
        poll_id=poll_id,
        question=new.question,
        options=_options(new.options),
        max_choices=new.max_choices,
        allow_change=new.allow_change,
        allow_withdraw=new.allow_withdraw,
        results=new.results,
        correct=tuple(new.correct),
        eligibility=new.eligibility,
        status="open" if new.open else "draft" if new.opens_at is None else "scheduled",
        created_at=now_ms,
        opens_at=new.opens_at,
        opened_at=now_ms if new.open else None,
        closes_at=new.closes_at,
        closes_in_s=new.closes_in_s,
        closed_at=None,
        final_at=None,
        voter_salt=urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode(),
        result=None,
    )
    check_rules(poll)
    check_times(poll, now_ms)
    return poll


def changed(poll: Poll, change: PollChange, now_ms: int) -> Poll:
    """Return the poll after a PATCH. Raises Refused if it is over, or if rules or times cannot be."""
    poll = keep_time(poll, now_ms)
    if poll.status in OVER:
        raise Refused(_REFUSALS[poll.status])
    given = {name: getattr(change, name) for name in change.__struct_fields__ if getattr(change, name) is not UNSET}
    if "options" in given:
        given["options"] = _options(given["options"])
    if "correct" in given:
        given["correct"] = tuple(given["correct"])
    after = replace(poll, **given)
    if poll.status in ("draft", "scheduled"):
        after = replace(after, status="draft" if after.opens_at is None else "scheduled")
    elif after.opens_at != poll.opens_at:
        raise Refused(problems.INVALID_SCHEDULE, "It has opened already.", "opens_at")
    check_rules(after)
    if not given.keys().isdisjoint(_TIMES):
        check_times(after, now_ms)
    return after


def answered(poll: Poll, now_ms: int, *, broadcaster: bool) -> PollAnswer:
    """Return the poll as it is shown, without its numbers."""
    known: dict[str, Any] = {name: getattr(poll, name, UNSET) for name in PollAnswer.__struct_fields__}
    status = poll.status_at(now_ms)
    known |= {"status": status, "closes_at": poll.announced_closing_ms, "grace_ms": GRACE_MS}
    if not broadcaster:
        known["eligibility"] = UNSET
    if not poll.correct or not (broadcaster or is_revealed(poll, now_ms)):
        known["correct"] = UNSET
    return PollAnswer(**known)


def _options(texts: list[str]) -> tuple[Option, ...]:
    return tuple(Option(option_id(index), text) for index, text in enumerate(texts))
