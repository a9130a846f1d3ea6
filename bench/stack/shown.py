"""When taps were on screens: the k-th tap of a stream, once a screen shows a total of k or more."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Delays:
    """From when a tap was due until a screen showed it, in ms, over all taps and screens. `missing` were not shown."""

    ms: Floats
    missing: int = 0

    def percentile(self, share: float) -> float:
        """Return what `share` of them do not exceed; infinite where so many were never shown."""
        rank = int(np.ceil(share * (len(self.ms) + self.missing)))
        return float(np.partition(self.ms, rank - 1)[rank - 1]) if 0 < rank <= len(self.ms) else float("inf")

    def line(self) -> str:
        """Return it for a person."""
        parts = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
        text = "  ".join(f"{name} {self.percentile(share):.1f} ms" for name, share in parts.items())
        return f"{text}  ({len(self.ms):,} measured, {self.missing:,} missing)"


def delays(sums: Ints, due: Floats, totals: Ints, times: Floats) -> Floats:
    """Return how long each batch of taps took to one screen, in ms; infinite for those that it never showed.

    Batch i was due at `due[i]` and brought the stream's taps to `sums[i]`; the screen showed `totals[j]` at `times[j]`.
    """
    first = np.searchsorted(np.maximum.accumulate(totals), sums) if len(totals) else np.zeros(len(sums), np.int64)
    shown_at = np.append(times, np.inf)[np.minimum(first, len(times))]
    return np.asarray((shown_at - due) * 1e3, dtype=np.float64)


def gathered(parts: list[Floats]) -> Delays:
    """Return the delays of many screens as one."""
    joined = np.concatenate(parts) if parts else np.empty(0)
    finite = joined[np.isfinite(joined)]
    return Delays(finite, len(joined) - len(finite))
