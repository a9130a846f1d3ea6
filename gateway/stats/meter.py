"""What is measured of one stream while a gateway follows it: taps, votes, and how far the picture is behind the taps.

The lag is measured once for each window, without a word in any message: a gateway knows when it took its first taps of
the window, and when it first sees that window in the picture. So it spans everything in between, by one clock. Where
another gateway took taps of the window earlier, that much is missing in it; on a busy stream it is milliseconds.
"""

from contracts.windows import window_start
from gateway import metrics
from gateway.clock import Clock
from gateway.live.picture import Picture
from gateway.stats.lags import Lags
from gateway.stats.rises import Rises

_WINDOWS = 300
"""How many windows of taps are remembered that no picture shows yet: an outage of minutes is then a lag of minutes."""


class Meter:
    """Told of records of taps as they leave for Kafka, and of the picture as it is merged."""

    def __init__(self, clock: Clock) -> None:
        self.taps = Rises()
        self.votes = Rises()
        self.lags = Lags()
        self._clock = clock
        self._window = 0
        self._taken: dict[int, int] = {}
        """Start of each window that the picture does not show, to when this gateway took its first taps of it."""

    def left(self, at_ms: int) -> None:
        """Note taps that were taken at this time and leave for Kafka."""
        start = window_start(at_ms)
        if start > self._window:
            self._taken.setdefault(start, at_ms)
            if len(self._taken) > _WINDOWS:
                del self._taken[next(iter(self._taken))]

    def see(self, picture: Picture) -> None:
        """Note what was merged. The first picture is where counting begins."""
        now_ms = self._clock()
        self.taps.see(sum(picture.totals.values()), now_ms)
        self.votes.see(sum(tally.received for tally in picture.tallies.values()), now_ms)
        if picture.window_start > self._window:
            self._show(picture.window_start, now_ms)

    def _show(self, start: int, now_ms: int) -> None:
        self._window = start
        taken_ms = self._taken.get(start)
        self._taken = {each: at_ms for each, at_ms in self._taken.items() if each > start}
        # Else another gateway's taps were there before this one's.
        if taken_ms is not None and taken_ms <= now_ms:
            self.lags.add(now_ms - taken_ms, now_ms)
            metrics.LIVE_LAG_SECONDS.observe((now_ms - taken_ms) / 1000)
