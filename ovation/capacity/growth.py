"""The points of `growth.json`: what a million taps cost the embedded stack, beside the load that made it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ovation.capacity.crowd import Crowd
from ovation.capacity.files import Part
from ovation.capacity.load import Load, in_a_run
from ovation.capacity.pace import Pace

TAPS = 10_000
"""A second."""
SECONDS = 8.0
CROWDED = 1_000
"""From so many streams on the two cores of that machine are full, and batches wait for each other."""


class Setting(NamedTuple):
    """What grows in `bench.growth`, and what it is while it does not."""

    streams: int = 10
    viewers: int = 1_000
    """Of each stream."""
    gateways: int = 1
    emojis: int = 5
    parallelism: int = 1


_BASES = {"streams": Setting(), "viewers": Setting(streams=1), "gateways": Setting(), "emojis": Setting()}
WRITTEN = {
    "kafka bytes": ("MB in Kafka", 1e6),
    "redis commands": ("thousand Redis commands", 1e3),
    "rows sent": ("thousand rows sent to ClickHouse", 1e3),
    "rows kept": ("thousand rows that stand there", 1e3),
    "kept bytes": ("KB that they take", 1e3),
}
"""By what is written, the name of its curve and the unit there."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point. `cores` and `written` are for each second of the run."""

    grows: str
    size: int
    setting: Setting
    cores: dict[str, float]
    written: dict[str, float]

    @property
    def name(self) -> str:
        return f"{self.grows} {self.size:,}"

    @property
    def is_crowded(self) -> bool:
        return self.setting.streams >= CROWDED or self.setting.gateways > 8

    @property
    def crowd(self) -> Crowd:
        """Its crowd, which nobody watches."""
        return Crowd(
            viewers=self.setting.viewers * self.setting.streams,
            taps_per_viewer=TAPS / (self.setting.viewers * self.setting.streams),
            streams=self.setting.streams,
            exponent=0.0,
            emojis=self.setting.emojis,
            voting_share=0.0,
        )

    def load(self, pace: Pace) -> Load:
        """Return what the formulae say that its crowd makes the stack do."""
        return in_a_run(self.crowd, self.setting.gateways, pace, SECONDS)


def points(growth: Part) -> Iterator[Point]:
    """Yield all points of curves at parallelism 1. Raises OvationError where a curve is missing."""
    for grows, base in _BASES.items():
        used = growth.curve(f"A million taps, as {grows} grow: processors")
        written = growth.curve(f"A million taps, as {grows} grow: what is written")
        for place, size in enumerate(map(int, used.x)):
            yield Point(
                grows,
                size,
                base._replace(**{grows: size}),
                {name: values[place] * TAPS / 1e6 for name, values in used.y.items()},
                {name: written.y[of][place] * unit * TAPS / 1e6 for name, (of, unit) in WRITTEN.items()},
            )
