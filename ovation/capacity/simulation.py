"""A discrete simulation of edges and streams, tap by tap: what the formulae say on average, counted.

Viewers are dealt to edges, taps are Poisson, a flush is armed by the first tap after the one before, and batches and
windows are cut by the clock. Nothing of `formulae` is used. Edges are simulated one after the other, so that memory
holds the taps of one, and what all have written.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ovation.capacity.crowd import Crowd, Floats
from ovation.capacity.pace import Pace

Ints = npt.NDArray[np.int64]
_MINUTE_S, _HOUR_S = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, a second."""

    taps: float
    records: float
    entries: float
    """Counts of emojis in records."""
    updates: float
    """Batches of streams with a record in them: each is two script calls."""
    changes: float
    """Emojis of streams in them."""
    rows: float
    """Sums sent to ClickHouse."""


@dataclass(frozen=True, slots=True)
class _Written:
    """The entries of one edge's records: stream and emoji as one number, window, and when they left in seconds."""

    taps: int
    records: int
    places: Ints
    windows: Ints
    left: Floats


def flushes(times: Floats, flush_s: float, last: float = -np.inf) -> Floats:
    """Return when an edge with taps at these sorted `times`, which flushed `last` before them, flushes.

    At once after a quiet time, else `flush_s` after the flush before.
    """
    found: list[float] = []
    place = 0
    while place < len(times):
        last = max(last + flush_s, float(times[place]))
        found.append(last)
        place = int(np.searchsorted(times, last, side="right"))
    return np.array(found)


def simulate(
    crowd: Crowd,
    edges: int,
    seconds: float,
    seed: int,
    pace: Pace,
    progress: Callable[[int], None] = lambda _: None,
) -> Counted:
    """Let a crowd tap on so many edges. `progress` is told how many edges are done. The same seed does the same."""
    chance = np.random.default_rng(seed)
    viewers = chance.multinomial(round(crowd.viewers), crowd.viewers_by_stream() / crowd.viewers)
    # The batches of a stream's subtask do not begin with a window.
    phases = chance.uniform(0, pace.history_batch_s, crowd.streams)
    taps = records = entries = 0
    live: list[Ints] = []
    rows: list[Ints] = []
    for edge in range(edges):
        # The viewers of each stream who come to this edge: of those left, one in as many as there are edges left.
        here = chance.binomial(viewers, 1 / (edges - edge))
        viewers = viewers - here
        written = _edge(chance, here, crowd, seconds, pace)
        taps, records, entries = taps + written.taps, records + written.records, entries + len(written.places)
        live.append(_keys(written.places, written.left, pace.live_batch_s))
        shifted = written.left + phases[written.places // crowd.emojis]
        batches = (shifted / pace.history_batch_s).astype(np.int64)
        for kind, span_s in enumerate((pace.window_s, _MINUTE_S, _HOUR_S)):
            starts = (written.windows * pace.window_s / span_s).astype(np.int64)
            rows.append(np.unique(((written.places * 3 + kind) << 40) | (starts << 20) | batches))
        progress(edge + 1)
    changes = np.unique(np.concatenate(live))
    streams = ((changes >> 20) // crowd.emojis << 20) | (changes & ((1 << 20) - 1))
    # The first batch of history and the last are no whole ones.
    whole = int(seconds / pace.history_batch_s) - 1
    sent = np.unique(np.concatenate(rows)) & ((1 << 20) - 1)
    sums = np.count_nonzero((sent > 0) & (sent <= whole))
    return Counted(
        taps=taps / seconds,
        records=records / seconds,
        entries=entries / seconds,
        updates=len(np.unique(streams)) / seconds,
        changes=len(changes) / seconds,
        rows=sums / (whole * pace.history_batch_s),
    )


def _keys(places: Ints, left: Floats, batch_s: float) -> Ints:
    """Return the different pairs of place and batch, as one number each."""
    return np.asarray(np.unique((places << 20) | (left / batch_s).astype(np.int64)), dtype=np.int64)


def _edge(chance: np.random.Generator, viewers: Ints, crowd: Crowd, seconds: float, pace: Pace) -> _Written:
    """Let an edge's viewers tap, and return what it writes."""
    number = int(chance.poisson(viewers.sum() * crowd.taps_per_viewer * seconds))
    if not number:
        nothing = np.array([], dtype=np.int64)
        return _Written(0, 0, nothing, nothing, nothing.astype(np.float64))
    times = np.sort(chance.uniform(0, seconds, number))
    streams = chance.choice(len(viewers), size=number, p=viewers / viewers.sum())
    places = streams * crowd.emojis + chance.integers(crowd.emojis, size=number)
    # Edges have run before, each for itself: else all would flush together.
    at = flushes(times, pace.flush_s, -chance.uniform(0, pace.flush_s))
    flush = np.searchsorted(at, times, side="left")
    window = (times / pace.window_s).astype(np.int64)
    # What a flush writes of a stream and window is a record, and each emoji in it an entry.
    order, of = len(viewers) * crowd.emojis, int(window[-1]) + 1
    entries = np.unique((flush * of + window) * order + places)
    rest = entries // order
    return _Written(number, len(np.unique(entries // crowd.emojis)), entries % order, rest % of, at[rest // of])
