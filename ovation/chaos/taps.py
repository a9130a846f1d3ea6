"""The account of a stream's taps, with the moment of each answer: some answers a killed gateway cannot keep."""

import time
from collections.abc import Sequence

import msgspec

from ovation.audience import ledger


class TimedTaps(ledger.Taps, kw_only=True):
    """Taps of one stream with their `moments`: when each try of a tap ended, by the audience's clock, its window, and
    its emoji.
    """

    moments: list[tuple[tuple[float, ...], int, str]] = msgspec.field(default_factory=list)

    def acknowledge(self, window: int, emoji: str, unanswered_s: Sequence[float] = ()) -> None:
        """Note that the gateway has promised one tap to a window, after tries that were given up at `unanswered_s`."""
        super().acknowledge(window, emoji, unanswered_s)
        self.moments.append(((*unanswered_s, time.perf_counter()), window, emoji))

    def doubt(self, since_s: float, until_s: float) -> int:
        """Take the answers of a stretch of time for none: their taps may count or not. Return how many they are.

        A try without an answer is one, too: a gateway keeps the answer to a keyed tap before it counts it, so a later
        try can be told what the gateway that died had promised.
        """

        def within(moment: tuple[tuple[float, ...], int, str]) -> bool:
            return any(since_s <= ended_s <= until_s for ended_s in moment[0])

        doubted = [moment for moment in self.moments if within(moment)]
        for _, window, emoji in doubted:
            self.windows[window][emoji] -= 1
            self.acknowledged -= 1
            self.leave_open(emoji)
        self.moments = [moment for moment in self.moments if not within(moment)]
        return len(doubted)
