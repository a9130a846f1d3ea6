"""The formulae against the simulation: a hundred edges, ten thousand streams, a power-law crowd, quiet to loud."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ovation.capacity.crowd import Crowd
from ovation.capacity.load import load
from ovation.capacity.pace import Pace
from ovation.capacity.simulation import simulate

EDGES, STREAMS = 100, 10_000
TAPS = (10_000.0, 100_000.0, 1_000_000.0)
"""A second, of all viewers."""
SECONDS = 5.0
VIEWERS = 5_000_000.0


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure, by the simulation or as it was measured, and by the model."""

    where: str
    what: str
    found: float
    model: float

    @property
    def error(self) -> float | None:
        """Share by which the model is above what was found, or below; None where nothing was."""
        return self.model / self.found - 1 if self.found > 0 else None


def crowds(crowd: Crowd, rates: Sequence[float] = TAPS) -> list[Crowd]:
    """Return crowds that tap at each rate, otherwise like `crowd`, over many streams."""
    return [
        replace(
            crowd,
            viewers=VIEWERS,
            streams=STREAMS,
            taps_per_viewer=rate / VIEWERS,
            voting_share=0.0,
            by_stream=False,
            regions=1,
        )
        for rate in rates
    ]


def trial(
    crowd: Crowd,
    seed: int,
    pace: Pace,
    edges: int = EDGES,
    seconds: float = SECONDS,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Compared]:
    """Yield what the simulation counts of one crowd beside what the model says. A second of each."""
    counted = simulate(crowd, edges, seconds, seed, pace, progress)
    model = load(crowd, edges, pace)
    where = f"{crowd.taps:,.0f} taps/s"
    for what, found, expected in (
        ("records", counted.records, model.records),
        ("counts in records", counted.entries, model.entries),
        ("script calls", 2 * counted.updates, model.redis.calls),
        ("counts in Redis", 2 * counted.changes, model.redis.changes),
        ("rows sent", counted.rows, model.rows),
    ):
        yield Compared(where, what, found, expected)
