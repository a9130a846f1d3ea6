"""The account of a stream's taps, with the moment of each answer: some answers a killed gateway cannot keep."""

import time

import msgspec

from ovation.audience import ledger


class TimedTaps(ledger.Taps, kw_only=True):
    """Taps of one stream, acknowledged at `moments`: seconds of the audience's clock, window, emoji."""

    moments: list[tuple[float, int, str]] = msgspec.field(default_factory=list)

    def acknowledge(self, window: int, emoji: str) -> None:
        """Note that the gateway has promised one tap to a window."""
        super().acknowledge(window, emoji)
        self.moments.append((time.perf_counter(), window, emoji))

    def doubt(self, since_s: float, until_s: float) -> int:
        """Take the answers of a stretch of time for none: their taps may count or not. Return how many they are."""
        doubted = [moment for moment in self.moments if since_s <= moment[0] <= until_s]
        for _, window, emoji in doubted:
            self.windows[window][emoji] -= 1
            self.acknowledged -= 1
            self.leave_open(emoji)
        self.moments = [moment for moment in self.moments if not since_s <= moment[0] <= until_s]
        return len(doubted)
