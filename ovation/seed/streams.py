"""How a made-up stream goes: a crowd of some size, a mood of its own, and bursts when something happens.

Sizes follow a power law (Pareto): most streams have a handful of viewers, a few have most of the taps. Taps are Poisson
around a rate that drifts and bursts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

EMOJIS = ("🔥", "👏", "❤️", "😂", "😮", "😢", "👎", "🎉")
TITLES = ("Cup final", "Late show", "Launch event", "Lecture", "Open stage", "Election night", "Speedrun", "Cooking")

_PARETO = 1.1
_SMALLEST_TAPS_PER_S = 0.05
_LARGEST_TAPS_PER_S = 5_000.0
_MEDIAN_S = 5_400.0
_SHORTEST_S, _LONGEST_S = 600, 6 * 3_600
_BURST_EVERY_S = 400.0

Array = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Past:
    """One stream. `seconds`, `emoji_numbers` and `counts` are its windows: of each the second, the emoji, the taps."""

    number: int
    title: str
    duration_s: int
    emojis: tuple[str, ...]
    taps_per_s: float
    seconds: Array
    emoji_numbers: Array
    counts: Array

    def without_windows(self) -> "Past":
        """Return what the stream was, without what was tapped."""
        nothing = self.counts[:0].copy()
        return replace(self, seconds=nothing, emoji_numbers=nothing, counts=nothing)


def streams(seed: int) -> Iterator[Past]:
    """Go through made-up streams without end."""
    number = 0
    while True:
        yield _stream(number, np.random.default_rng((seed, number)))
        number += 1


def _stream(number: int, random: np.random.Generator) -> Past:
    duration_s = int(np.clip(random.lognormal(np.log(_MEDIAN_S), 0.6), _SHORTEST_S, _LONGEST_S))
    taps_per_s = float(min(_SMALLEST_TAPS_PER_S * (1 + random.pareto(_PARETO)), _LARGEST_TAPS_PER_S))
    emojis = EMOJIS[: random.integers(3, len(EMOJIS) + 1)]
    mix = random.dirichlet(np.full(len(emojis), 1.5))
    rates = np.outer(_envelope(duration_s, random), taps_per_s * mix)
    for begins in np.flatnonzero(random.random(duration_s) < 1 / _BURST_EVERY_S):
        _burst(rates, int(begins), taps_per_s, random)
    counts = random.poisson(rates)
    seconds, emoji_numbers = np.nonzero(counts)
    title = f"{TITLES[number % len(TITLES)]} {number + 1}"
    return Past(number, title, duration_s, emojis, taps_per_s, seconds, emoji_numbers, counts[seconds, emoji_numbers])


def _envelope(duration_s: int, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return how the crowd grows, drifts and leaves, around 1."""
    minutes = duration_s // 60 + 2
    drift = np.exp(np.clip(np.cumsum(random.normal(0, 0.08, minutes)), -1.5, 1.5))
    course = np.interp(np.arange(duration_s) / 60, np.arange(minutes), drift)
    return np.asarray(course * np.minimum(1, np.arange(1, duration_s + 1) / 180))


def _burst(rates: npt.NDArray[np.float64], begins: int, taps_per_s: float, random: np.random.Generator) -> None:
    """Add something that happened: everybody taps, most of them the same, and calms down within seconds."""
    height = taps_per_s * random.lognormal(1.8, 0.7)
    lasts = np.arange(min(120, len(rates) - begins))
    leader = random.integers(rates.shape[1])
    rates[begins : begins + len(lasts), leader] += height * np.exp(-lasts / random.uniform(6, 25))
