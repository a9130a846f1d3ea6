"""Taps that wait for Kafka, added up per stream, window and emoji: they grow with streams, not with the crowd."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.limits import MAX_VIDEO_SECONDS_PER_RECORD
from contracts.windows import window_start
from gateway.reactions.reactors import Reactors

Counts = dict[str, int]


@dataclass(slots=True)
class Sum:
    """Taps of one stream in one window. `at_ms` is the event time of the first of them.

    `video` has those whose viewers said where in the video they were, by its second; `reactors` are a sample of who
    tapped.
    """

    stream_id: str
    at_ms: int
    counts: Counts
    video: dict[int, Counts] | None = None
    reactors: Reactors | None = None

    @property
    def taps(self) -> int:
        return sum(self.counts.values())

    @property
    def size(self) -> int:
        """How many numbers it is."""
        return len(self.counts) + sum(map(len, (self.video or {}).values()))

    def add_video(self, second: int, counts: Mapping[str, int]) -> int:
        """Add taps at a second of the video; return over how many seconds they are spread now."""
        if self.video is None:
            self.video = {}
        _add(self.video.setdefault(second, {}), counts)
        return len(self.video)

    def add_reactors(self, reactors: Reactors) -> None:
        if self.reactors is None:
            self.reactors = Reactors(reactors.level, set())
        self.reactors.merge(reactors)


class Aggregate:
    """At most `max_sums` sums, one per stream, window and emoji, and per second of the video and emoji."""

    def __init__(self, max_sums: int) -> None:
        self._max_sums = max_sums
        self._sums: dict[tuple[str, int], Sum] = {}
        self._whole: list[Sum] = []
        """Sums that are spread over as many seconds of the video as one record may be."""
        self.waiting = 0
        """Sums in here now."""

    def add(
        self,
        stream_id: str,
        at_ms: int,
        counts: Mapping[str, int],
        second: int | None = None,
        reactors: Reactors | None = None,
    ) -> bool:
        """Add taps taken at `at_ms`, all of them or, when there is no room, none. Return whether they were taken.

        `second` is that of the video which their viewer saw, and `reactors` whom they add to the sample of the minute.
        """
        key = (stream_id, window_start(at_ms))
        known = self._sums.get(key)
        fresh = len(counts) if known is None else len(counts.keys() - known.counts.keys())
        if second is not None:
            there = {} if known is None or known.video is None else known.video.get(second, {})
            fresh += len(counts.keys() - there.keys())
        if fresh and self.waiting + fresh > self._max_sums:
            return False
        if known is None:
            known = self._sums[key] = Sum(stream_id, at_ms, {})
        self.waiting += fresh
        _add(known.counts, counts)
        if reactors is not None:
            known.add_reactors(reactors)
        if second is not None and known.add_video(second, counts) >= MAX_VIDEO_SECONDS_PER_RECORD:
            self._whole.append(self._sums.pop(key))
        return True

    def put_back(self, taken: Sum) -> None:
        """Take in again what Kafka refused for certain. It was answered 2xx, so no bound turns it away."""
        key = (taken.stream_id, window_start(taken.at_ms))
        known = self._sums.get(key)
        there = {} if known is None else known.video or {}
        if len(there.keys() | (taken.video or {}).keys()) >= MAX_VIDEO_SECONDS_PER_RECORD:
            # Also a full one to which nothing came since: the next tap would make it too large.
            self._whole.append(taken)
            self.waiting += taken.size
        elif known is None:
            self._sums[key] = taken
            self.waiting += taken.size
        else:
            self.waiting -= known.size
            _add(known.counts, taken.counts)
            for second, counts in (taken.video or {}).items():
                known.add_video(second, counts)
            if taken.reactors is not None:
                known.add_reactors(taken.reactors)
            self.waiting += known.size

    def take(self, most: int) -> list[Sum]:
        """Take out at most `most` windows of streams, the oldest first."""
        taken, self._whole = self._whole[:most], self._whole[most:]
        keys = list(self._sums)[: most - len(taken)]
        taken += [self._sums.pop(key) for key in keys]
        self.waiting -= sum(each.size for each in taken)
        return taken

    @property
    def taps(self) -> int:
        """Taps in here now."""
        return sum(each.taps for each in self._all())

    def _all(self) -> Iterator[Sum]:
        yield from self._whole
        yield from self._sums.values()

    def __bool__(self) -> bool:
        return bool(self._sums or self._whole)


def _add(totals: Counts, counts: Mapping[str, int]) -> None:
    for emoji, count in counts.items():
        totals[emoji] = totals.get(emoji, 0) + count
