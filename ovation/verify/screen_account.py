"""What the gateway shows of a stream, in a snapshot or on a screen that has followed it."""

from collections.abc import Iterable, Mapping
from typing import cast

from contracts.messages import Poll, Snapshot
from ovation.verify.numbers import POLL_FIELDS, Account, Key, Span, Total, poll_numbers


def snapshot_account(snapshot: Snapshot) -> Account:
    """Return the account of a snapshot."""
    return account("gateway", snapshot["reactions"]["totals"], snapshot["polls"])


def account(name: str, totals: Mapping[str, int], polls: Iterable[Poll]) -> Account:
    """Return the account of totals and polls as they are shown. No window is shown for long enough to compare."""
    numbers: dict[Key, Span] = {Total(emoji): Span.exactly(total) for emoji, total in totals.items()}
    for poll in polls:
        fields = {field: cast(int, poll[field]) for field in POLL_FIELDS}  # type: ignore[literal-required]
        votes = {option["id"]: option["votes"] for option in poll["options"]}
        numbers.update(poll_numbers(poll["poll_id"], votes, fields))
    return Account(name, numbers)
