"""Holds accounts against each other, number by number."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ovation.verify.numbers import POLL_FIELDS, Account, InPoll, InWindow, Key, Span, Total


class Difference(NamedTuple):
    """A number of which the accounts do not say the same. `said` is by the name of the account."""

    key: Key
    said: dict[str, Span]

    @property
    def what(self) -> str:
        """Return what the number counts, for a person."""
        return describe(self.key)


def describe(key: Key) -> str:
    """Return what a number counts, for a person."""
    match key:
        case Total(emoji):
            return f"{emoji} total"
        case InWindow(start, emoji):
            return f"{emoji} in window {start}"
        case InPoll(poll_id, field):
            return f"poll {poll_id} {field}"


def compare(accounts: Sequence[Account]) -> list[Difference]:
    """Return every number about which two accounts contradict each other, in a stable order."""
    keys = {key for account in accounts for key in account.numbers}
    found = []
    for key in sorted(keys, key=lambda key: (type(key).__name__, *map(str, key))):
        said = {account.name: span for account in accounts if (span := account.says(key)) is not None}
        if said and max(span.low for span in said.values()) > min(span.high for span in said.values()):
            found.append(Difference(key, said))
    return found


def sums(account: Account) -> list[str]:
    """Return what does not add up within one account: votes and their outcomes, windows and totals."""
    return [*_outcomes(account), *_totals(account)]


def _outcomes(account: Account) -> Iterator[str]:
    """Every vote received has one outcome: `voters` of them were counted, and each of the others has its field."""
    for poll_id in sorted({key.poll_id for key in account.numbers if isinstance(key, InPoll)}):
        said = {name: account.says(InPoll(poll_id, name)) or Span(0, 0) for name in POLL_FIELDS}
        received = said.pop("received")
        if account.partial and InPoll(poll_id, "received") not in account.numbers:
            continue
        low, high = sum(span.low for span in said.values()), sum(span.high for span in said.values())
        if received.low > high or received.high < low:
            outcomes = ", ".join(f"{name} {span}" for name, span in said.items())
            yield f"{account.name}: poll {poll_id} received {received}, which is not the sum of {outcomes}"


def _totals(account: Account) -> Iterator[str]:
    if account.windows is not None:  # Some windows may be missing, so they need not add up.
        return
    in_windows: dict[str, int] = {}
    for key, span in account.numbers.items():
        if isinstance(key, InWindow):
            in_windows[key.emoji] = in_windows.get(key.emoji, 0) + span.low
    for key, span in account.numbers.items():
        if isinstance(key, Total) and in_windows.get(key.emoji, 0) != span.low:
            yield f"{account.name}: {key.emoji} total {span}, but its windows hold {in_windows.get(key.emoji, 0)}"
