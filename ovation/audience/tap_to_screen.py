"""When a tap is visible: the k-th tap of an emoji, once a screen shows a total of k or more.

The audience alone taps on its streams, so the total on a screen says how many of its taps are in it. A tap that was
refused, or never answered, leaves the row; what remains is exact while every tap is answered. Where a person taps
along, as in the demo, a total that is ahead of what was sent says how many taps were somebody else's.
"""

from bisect import bisect_left

from ovation.audience.latencies import Latencies

_TRIM = 4_096


class TapToScreen:
    """Taps on one stream, and the screens that watch it. Times are seconds of one monotonic clock."""

    def __init__(self, screens: int, latencies: Latencies) -> None:
        self._screens = screens
        self._latencies = latencies
        self._rows: dict[str, _Row] = {}

    def sent(self, emoji: str, at_s: float) -> None:
        """Note a tap. Times never decrease."""
        if self._screens:
            self._row(emoji).sent_at.append(at_s)

    def withdrawn(self, emoji: str, at_s: float) -> None:
        """Forget a tap that no total will hold."""
        if not self._screens:
            return
        sent_at = self._row(emoji).sent_at
        index = bisect_left(sent_at, at_s)
        if index < len(sent_at) and sent_at[index] == at_s:
            del sent_at[index]

    def shown(self, screen: int, emoji: str, total: int, at_s: float) -> None:
        """Note that a screen shows a total."""
        if not self._screens:
            return
        row = self._row(emoji)
        row.others = max(row.others, total - row.sent)
        seen, shown = row.seen[screen], total - row.others
        if shown <= seen:
            return
        for sent_at in row.sent_at[seen - row.trimmed : shown - row.trimmed]:
            self._latencies.add(at_s - sent_at)
        row.seen[screen] = shown
        row.trim()

    def _row(self, emoji: str) -> "_Row":
        row = self._rows.get(emoji)
        if row is None:
            row = self._rows[emoji] = _Row(self._screens)
        return row


class _Row:
    """Taps of one emoji in the order in which they were sent, without those that every screen has shown."""

    def __init__(self, screens: int) -> None:
        self.sent_at: list[float] = []
        self.trimmed = 0
        self.seen = [0] * screens
        self.others = 0

    @property
    def sent(self) -> int:
        return self.trimmed + len(self.sent_at)

    def trim(self) -> None:
        done = min(min(self.seen) - self.trimmed, len(self.sent_at))
        if done > _TRIM:
            del self.sent_at[:done]
            self.trimmed += done
