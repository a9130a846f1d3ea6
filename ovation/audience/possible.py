"""What may have become of one voter's votes, as far as somebody outside can know.

A gateway stamps a vote when it takes it. Where votes may be changed the last one stands, else the first one. A vote
that was answered before another was sent is the earlier of the two (if gateways' clocks agree); two that were on their
way together, or one that nobody answered, may stand in either order, and the unanswered one may not exist.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from ovation.audience.ledger import Attempt, Ballots


@dataclass(frozen=True, slots=True)
class Entry:
    """A vote or withdrawal that counts if it exists, stamped between `since` and `until`. With a receipt it exists."""

    choices: tuple[str, ...]
    since: float
    until: float
    receipt: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One voter's votes that were, or may have been, in time. `certain` of them exist.

    `candidates` are those of which one stands, if any exists.
    """

    entries: list[Entry]
    candidates: list[Entry]
    certain: int
    allow_change: bool

    @classmethod
    def of(cls, attempts: Iterable[Attempt], allow_change: bool, told: str | None = None) -> Self:
        """Return what stands for a voter; `told` is the receipt that does, if the gateway was asked."""
        found = entries(attempts)
        sure = [entry for entry in found if entry.receipt is not None]
        candidates = [entry for entry in found if not any(_beats(each, entry, allow_change) for each in sure)]
        if told is not None:
            candidates = [entry for entry in candidates if entry.receipt == told] or candidates
        return cls(found, candidates, len(sure), allow_change)

    @property
    def is_doubtful(self) -> bool:
        """Whether it matters which of the candidates stands."""
        return len({entry.choices for entry in self.candidates}) > 1

    def outcomes(self, receipt: str) -> set[str]:
        """Return what may have become of the vote with this receipt."""
        mine = next(entry for entry in self.entries if entry.receipt == receipt)
        possible = set()
        if mine in self.candidates:
            possible.add("counted" if mine.choices else "withdrawn")
        if self.candidates != [mine]:
            possible.add("replaced" if self.allow_change else "duplicate")
        return possible


def entries(attempts: Iterable[Attempt]) -> list[Entry]:
    """Return what may be in the tally. Attempts with one receipt are one vote, which was repeated with its key."""
    known: dict[str, Entry] = {}
    others: list[Entry] = []
    for each in attempts:
        if each.outcome == "unanswered":
            others.append(Entry(each.choices, each.sent_s, math.inf, None))
        elif each.outcome == "acknowledged":
            until = math.inf if each.ended_s is None else each.ended_s
            receipt = each.receipt or ""
            twin = known.get(receipt)
            since = each.sent_s if twin is None else min(each.sent_s, twin.since)
            until = until if twin is None else min(until, twin.until)
            known[receipt] = Entry(each.choices, since, until, receipt)
    return [*known.values(), *others]


def outcomes(ballots: Ballots, voter: str) -> dict[str, set[str]]:
    """Return, for each receipt of a voter, what the gateway may say of it."""
    attempts: Sequence[Attempt] = ballots.voters[voter]
    standing = Standing.of(attempts, ballots.allow_change, ballots.told.get(voter))
    possible: dict[str, set[str]] = {}
    for each in attempts:
        if each.receipt is not None:
            possible[each.receipt] = (
                standing.outcomes(each.receipt) if each.outcome == "acknowledged" else {each.outcome}
            )
    return possible


def _beats(one: Entry, other: Entry, allow_change: bool) -> bool:
    """Return whether `one`, if it exists, for certain stands before `other` does."""
    return other.until < one.since if allow_change else one.until < other.since
