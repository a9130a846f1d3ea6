"""What the crowd was promised, kept outside the system: the account that live and history are held against."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from ovation.errors import OvationError

Outcome = Literal["acknowledged", "late", "ineligible", "refused", "unanswered"]
"""The first three were written down; a refused vote counts nowhere, and of an unanswered one nobody knows."""


class Taps(msgspec.Struct, kw_only=True):
    """Taps of one stream. `windows` maps a window's start, epoch ms, to acknowledged taps by emoji.

    Unanswered taps may count or not, in any window; refused and unsent ones count nowhere.
    """

    windows: dict[int, dict[str, int]] = {}
    unanswered: dict[str, int] = {}
    sent: int = 0
    acknowledged: int = 0
    refused: int = 0
    unsent: int = 0

    def acknowledge(
        self, window: int, emoji: str, unanswered_s: Sequence[float] = (), keyed_since_s: float | None = None
    ) -> None:
        """Note that the gateway has promised one tap to a window, after tries that were given up at `unanswered_s`.

        `keyed_since_s` is when it was first sent, if under an Idempotency-Key.
        """
        self.acknowledged += 1
        counts = self.windows.setdefault(window, {})
        counts[emoji] = counts.get(emoji, 0) + 1

    def leave_open(self, emoji: str) -> None:
        """Note that nobody knows about one tap."""
        self.unanswered[emoji] = self.unanswered.get(emoji, 0) + 1

    def totals(self) -> dict[str, int]:
        """Return acknowledged taps by emoji, over all windows."""
        totals: dict[str, int] = {}
        for counts in self.windows.values():
            for emoji, count in counts.items():
                totals[emoji] = totals.get(emoji, 0) + count
        return totals


class Attempt(msgspec.Struct, frozen=True):
    """One vote that was sent, or, without `choices`, one withdrawal.

    `sent_s` and `ended_s` are seconds of the audience's clock: a gateway took it between them, and nobody knows when it
    took one that was not answered. `receipt` is there when the gateway has written it down.
    """

    choices: tuple[str, ...]
    outcome: Outcome
    sent_s: float
    ended_s: float | None = None
    receipt: str | None = None


class Ballots(msgspec.Struct):
    """Votes in one poll: what each voter sent, in the order of the answers.

    `told` holds, by voter, the receipt of which the gateway has said that it stands, where the audience could not know.
    """

    options: list[str]
    allow_change: bool = False
    voters: dict[str, list[Attempt]] = {}
    told: dict[str, str] = {}

    def note(self, voter: str, attempt: Attempt) -> None:
        """Note one attempt of a voter."""
        self.voters.setdefault(voter, []).append(attempt)

    def count(self, outcome: Outcome) -> int:
        """Return how many attempts ended so."""
        return sum(attempt.outcome == outcome for attempt in self.attempts())

    def attempts(self) -> Iterator[Attempt]:
        """Yield every attempt of every voter."""
        for attempts in self.voters.values():
            yield from attempts


class Stream(msgspec.Struct):
    """One stream's taps, and its polls by id."""

    taps: Taps = msgspec.field(default_factory=Taps)
    polls: dict[str, Ballots] = {}


class Ledger(msgspec.Struct):
    """The account of one run: its streams by id."""

    v: Literal[2] = 2
    streams: dict[str, Stream] = {}

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_bytes(msgspec.json.encode(self))

    @classmethod
    def read(cls, path: Path) -> "Ledger":
        """Return what is in a file. Raises OvationError if that is no ledger."""
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except OSError as error:
            raise OvationError(f"The ledger {path} cannot be read: {error.strerror}.") from error
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise OvationError(f"{path} is no ledger of `ovation audience`: {error}.") from error
