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
    keyed: list[tuple[float, float, str]] = msgspec.field(default_factory=list)
    """Of each tap under a key, when it was first sent, when its last answer came, and its emoji."""
    maybe_twice: int = 0
    """Taps that were sent again across a moment at which their keys were forgotten."""

    def acknowledge(
        self, window: int, emoji: str, unanswered_s: Sequence[float] = (), keyed_since_s: float | None = None
    ) -> None:
        super().acknowledge(window, emoji, unanswered_s, keyed_since_s)
        now_s = time.perf_counter()
        self.moments.append(((*unanswered_s, now_s), window, emoji))
        if keyed_since_s is not None:
            self.keyed.append((keyed_since_s, now_s, emoji))

    def forget_keys(self, since_s: float, until_s: float) -> None:
        """Allow a second count of each tap that was under way when its key was forgotten, between two moments."""
        for sent_s, ended_s, emoji in self.keyed:
            if sent_s <= until_s and ended_s >= since_s:
                self.leave_open(emoji)
                self.maybe_twice += 1

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
