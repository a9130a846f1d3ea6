"""Taps that wait for Kafka, added up per stream, window and emoji: they grow with streams, not with the crowd."""

from dataclasses import dataclass

from contracts.windows import window_start


@dataclass(slots=True)
class Sum:
    """Taps of one stream in one window. `at_ms` is the event time of the first of them."""

    stream_id: str
    at_ms: int
    counts: dict[str, int]

    @property
    def taps(self) -> int:
        return sum(self.counts.values())


class Aggregate:
    """At most `max_sums` sums, one per stream, window and emoji."""

    def __init__(self, max_sums: int) -> None:
        self._max_sums = max_sums
        self._sums: dict[tuple[str, int], Sum] = {}
        self.waiting = 0
        """Sums in here now."""

    def add(self, stream_id: str, at_ms: int, counts: dict[str, int]) -> bool:
        """Add taps taken at `at_ms`, all of them or, when there is no room, none. Return whether they were taken."""
        key = (stream_id, window_start(at_ms))
        known = self._sums.get(key)
        fresh = len(counts) if known is None else len(counts.keys() - known.counts.keys())
        if fresh and self.waiting + fresh > self._max_sums:
            return False
        self.waiting += fresh
        if known is None:
            self._sums[key] = Sum(stream_id, at_ms, dict(counts))
            return True
        totals = known.counts
        for emoji, count in counts.items():
            totals[emoji] = totals.get(emoji, 0) + count
        return True

    def put_back(self, taken: Sum) -> None:
        """Take in again what Kafka refused for certain. It was answered 2xx, so no bound turns it away."""
        key = (taken.stream_id, window_start(taken.at_ms))
        known = self._sums.setdefault(key, Sum(taken.stream_id, taken.at_ms, {}))
        self.waiting += len(taken.counts.keys() - known.counts.keys())
        for emoji, count in taken.counts.items():
            known.counts[emoji] = known.counts.get(emoji, 0) + count

    def take(self, most: int) -> list[Sum]:
        """Take out at most `most` windows of streams, the oldest first."""
        keys = list(self._sums)[:most]
        taken = [self._sums.pop(key) for key in keys]
        self.waiting -= sum(len(each.counts) for each in taken)
        return taken

    @property
    def taps(self) -> int:
        """Taps in here now."""
        return sum(each.taps for each in self._sums.values())

    def __bool__(self) -> bool:
        return bool(self._sums)
