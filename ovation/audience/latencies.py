"""Durations in bounded memory: counted in buckets that are 2% wide, so a percentile is right to 1%."""

import math
from typing import Self

import msgspec

_WIDTH = math.log(1.02)


class Summary(msgspec.Struct, frozen=True):
    """Milliseconds; None where nothing was measured. `max` is exact."""

    count: int
    p50: float | None = None
    p90: float | None = None
    p99: float | None = None
    max: float | None = None

    def line(self) -> str:
        """Return it for a person."""
        parts = {"p50": self.p50, "p90": self.p90, "p99": self.p99, "max": self.max}
        figures = "  ".join(f"{name} {value:.1f} ms" for name, value in parts.items() if value is not None)
        return f"{figures}  ({self.count:,} measured)" if self.count else "not measured"


class Latencies:
    """Durations of one kind of thing."""

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self._max_s = 0.0
        self.count = 0

    def add(self, seconds: float) -> None:
        """Count one duration. Less than a microsecond counts as one."""
        bucket = int(math.log(max(seconds, 1e-6) * 1e6) / _WIDTH)
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
        self._max_s = max(self._max_s, seconds)
        self.count += 1

    def percentile(self, share: float) -> float | None:
        """Return the milliseconds that `share` of the durations do not exceed, or None if there is no duration."""
        rank = math.ceil(share * self.count)
        seen = 0
        for bucket in sorted(self._buckets):
            seen += self._buckets[bucket]
            if seen >= rank > 0:
                return min(math.exp((bucket + 0.5) * _WIDTH) / 1e3, self._max_s * 1e3)
        return None

    def summary(self) -> Summary:
        """Return the figures."""
        if not self.count:
            return Summary(0)
        p50, p90, p99 = (round(self.percentile(share) or 0, 1) for share in (0.5, 0.9, 0.99))
        return Summary(self.count, p50, p90, p99, round(self._max_s * 1e3, 1))

    def copy(self) -> Self:
        """Return the same durations, to look back at."""
        twin = type(self)()
        twin._buckets, twin._max_s, twin.count = dict(self._buckets), self._max_s, self.count
        return twin

    def since(self, earlier: Self) -> Self:
        """Return what was added after the copy `earlier` was made. Its `max` is that of the whole time."""
        recent = self.copy()
        for bucket, number in earlier._buckets.items():
            recent._buckets[bucket] -= number
        recent.count -= earlier.count
        return recent
