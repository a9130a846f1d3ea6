"""What can be counted of a stream, and what one account says of it."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from contracts.messages import POLL_NUMBERS


class Total(NamedTuple):
    """Taps of an emoji since the stream began."""

    emoji: str


class InWindow(NamedTuple):
    """Taps of an emoji in the window that began at `start`, epoch ms."""

    start: int
    emoji: str


class InPoll(NamedTuple):
    """A number of a poll: `option:ID`, or one of `POLL_FIELDS`."""

    poll_id: str
    field: str


Key = Total | InWindow | InPoll

POLL_FIELDS = POLL_NUMBERS


class Span(NamedTuple):
    """Between `low` and `high`, both included. An exact number is a span of one."""

    low: int
    high: int

    @classmethod
    def exactly(cls, number: int) -> "Span":
        """Return the span that holds one number."""
        return cls(number, number)

    @classmethod
    def at_least(cls, number: int) -> "Span":
        """Return the span of a number and everything above it."""
        return cls(number, sys.maxsize)

    def __str__(self) -> str:
        if self.high == sys.maxsize:
            return f"{self.low} or more"
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class Account:
    """What one place says of one stream. It says nothing of windows outside `windows`, or of polls outside `polls`
    (None: of every window, or poll, it knows).

    A number that is not there, of a kind that it knows, is 0; if the account is `partial`, it is not known.
    `unanswered` taps by emoji may be in any window.
    """

    name: str
    numbers: Mapping[Key, Span]
    windows: frozenset[int] | None = frozenset()
    unanswered: Mapping[str, int] = field(default_factory=dict)
    polls: frozenset[str] | None = None
    partial: bool = False

    def says(self, key: Key) -> Span | None:
        """Return what it says of `key`, or None if it does not know."""
        if self.partial and key not in self.numbers:
            return None
        match key:
            case InWindow(start, emoji):
                if self.windows is not None and start not in self.windows:
                    return None
                known = self.numbers.get(key, Span(0, 0))
                return Span(known.low, known.high + self.unanswered.get(emoji, 0))
            case InPoll(poll_id, _):
                if self.polls is not None and poll_id not in self.polls:
                    return None
        return self.numbers.get(key, Span(0, 0))


def poll_numbers(poll_id: str, votes: Mapping[str, int], fields: Mapping[str, int]) -> Iterator[tuple[Key, Span]]:
    """Yield the numbers of a poll: `votes` by option id, and `POLL_FIELDS`."""
    for option_id, number in votes.items():
        yield InPoll(poll_id, f"option:{option_id}"), Span.exactly(number)
    for name in POLL_FIELDS:
        yield InPoll(poll_id, name), Span.exactly(fields.get(name, 0))
