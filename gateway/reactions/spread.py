"""Over how many partitions a stream's records of taps go: one while it is quiet, more while it is hot.

A record's key chooses its stream's own partition. Sums do not care which partition they come by, so a stream that many
gateways write hard goes on by more of them, its own first, in turn; what cools comes back by itself. Votes need none of
this: they are spread by voter (`contracts.buckets`).
"""

import time
from collections.abc import Callable
from math import exp
from zlib import crc32

from gateway import metrics

_MEMORY_S = 2.0
"""Time constant of the rate: a burst is forgotten, and a rush noticed, within a few of these."""
_TIDY_S = 10.0


class Spread:
    """Goes by the rate of each stream at this gateway. Lives on the event loop."""

    def __init__(
        self, partitions: Callable[[], int], taps_per_s: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """A stream gets one more of `partitions()` for every `taps_per_s` here; 0 is never."""
        self._partitions = partitions
        self._taps_per_s = taps_per_s
        self._clock = clock
        self._heat: dict[str, tuple[float, float]] = {}
        """By stream: taps that fade away, and when that was."""
        self._turns: dict[str, int] = {}
        """Of streams that are hot: records so far, which tell whose turn it is."""
        self._tidied_at = clock()
        metrics.HOT_STREAMS.set_function(self._hot)

    def partition(self, stream_id: str, taps: int) -> int | None:
        """Return the partition of a record with so many taps; None leaves it to the record's key."""
        if not self._taps_per_s:
            return None
        now = self._clock()
        if now - self._tidied_at > _TIDY_S:
            self._tidy(now)
        heat = self._left(stream_id, now) + taps
        self._heat[stream_id] = (heat, now)
        width = self._width(heat)
        if width == 1:
            return None
        turn = self._turns[stream_id] = self._turns.get(stream_id, 0) + 1
        # The client's own choice for a key (librdkafka's `consistent`): the first one is where the stream came from.
        return (crc32(stream_id.encode()) + turn % width) % self._partitions()

    def _hot(self) -> int:
        now = self._clock()
        return sum(self._width(self._left(stream, now)) > 1 for stream in tuple(self._heat)) if self._taps_per_s else 0

    def _left(self, stream_id: str, now: float) -> float:
        taps, at = self._heat.get(stream_id, (0.0, now))
        return taps * exp((at - now) / _MEMORY_S)

    def _width(self, heat: float) -> int:
        return min(1 + int(heat / _MEMORY_S / self._taps_per_s), self._partitions())

    def _tidy(self, now: float) -> None:
        """Forget streams that have cooled: the others are as many as write at this moment."""
        self._tidied_at = now
        self._heat = {stream: heat for stream, heat in self._heat.items() if self._left(stream, now) >= 1}
        self._turns = {stream: turn for stream, turn in self._turns.items() if stream in self._heat}
