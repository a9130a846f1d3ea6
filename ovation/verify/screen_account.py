"""What the gateway shows of a stream: in a snapshot, on a screen that has followed it, to its broadcaster."""

from collections.abc import Iterable, Mapping
from typing import cast

from contracts.messages import Poll, Snapshot
from ovation.client import answers
from ovation.verify.numbers import POLL_FIELDS, Account, InPoll, Key, Span, Total, poll_numbers

_AFTERWARDS = ("received", "late", "invalid", "ineligible")
"""What a vote raises that comes after the deadline."""


def snapshot_account(snapshot: Snapshot) -> Account:
    """Return the account of a snapshot, without polls that are final: their numbers stand still (`final_account`)."""
    polls = [poll for poll in snapshot["polls"] if not poll["is_final"]]
    return account("gateway", snapshot["reactions"]["totals"], polls)


def final_account(snapshot: Snapshot) -> Account:
    """Return what a snapshot says of the polls whose result is final, and of nothing else.

    While a result becomes final somebody may still vote too late: stores may hold more such votes than it does.
    """
    numbers = _numbers(poll for poll in snapshot["polls"] if poll["is_final"])
    for key, span in numbers.items():
        if isinstance(key, InPoll) and key.field in _AFTERWARDS:
            numbers[key] = Span.at_least(span.low)
    return Account("final", numbers, partial=True)


def poll_account(name: str, poll: answers.Poll) -> Account:
    """Return the account of one poll as its broadcaster was shown it."""
    votes = {option.id: option.votes or 0 for option in poll.options}
    fields = {field: getattr(poll, field) or 0 for field in POLL_FIELDS}
    return Account(name, dict(poll_numbers(poll.poll_id, votes, fields)), partial=True)


def account(name: str, totals: Mapping[str, int], polls: Iterable[Poll]) -> Account:
    """Return the account of totals and polls as they are shown. No window is shown for long enough to compare, and
    nothing is said of a poll whose results are hidden.
    """
    in_polls = _numbers(polls)
    numbers: dict[Key, Span] = {Total(emoji): Span.exactly(total) for emoji, total in totals.items()}
    shown = frozenset(key.poll_id for key in in_polls if isinstance(key, InPoll))
    return Account(name, numbers | in_polls, polls=shown)


def _numbers(polls: Iterable[Poll]) -> dict[Key, Span]:
    numbers: dict[Key, Span] = {}
    for poll in polls:
        if "voters" in poll:
            fields = {field: cast(int, poll[field]) for field in POLL_FIELDS}  # type: ignore[literal-required]
            votes = {option["id"]: option["votes"] for option in poll["options"]}
            numbers.update(poll_numbers(poll["poll_id"], votes, fields))
    return numbers
