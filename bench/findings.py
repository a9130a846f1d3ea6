"""What a part of the kit has found: figures of several rounds, ours beside a peer's, as a file in `docs/measurements/`.

A part runs ours and a peer by turns on the same data, so that what the machine does besides happens to both; a ratio is
made round by round, and its median is what counts. `bench.report` makes the docs' tables and pictures from the files.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal, Self

from bench.setting import machine
from ovation.terminal import out

FOLDER = Path(__file__).parent.parent / "docs" / "measurements"


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and most of some rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Return the spread of `values`, of which there is at least one."""
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure. `ours` and `theirs` have a value for each round, in `unit`; without a peer `theirs` is empty.

    `reach` is what is asked, of the ratio ours / theirs where there is a peer, else of `ours`: at `least` or at `most`.
    """

    what: str
    unit: str
    ours: tuple[float, ...]
    against: str = ""
    theirs: tuple[float, ...] = ()
    reach: float | None = None
    bound: Literal["least", "most"] = "least"
    note: str = ""

    def __post_init__(self) -> None:
        if not self.ours or (self.against and len(self.ours) != len(self.theirs)):
            raise ValueError(f"{self.what}: {len(self.ours)} rounds of ours, {len(self.theirs)} of the peer's")

    @property
    def judged(self) -> Spread:
        """The spread of what `reach` is asked of."""
        if not self.against:
            return Spread.of(self.ours)
        return Spread.of([ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)])

    @property
    def is_reached(self) -> bool | None:
        """Whether the median is what was asked; None where nothing was."""
        if self.reach is None:
            return None
        value = self.judged.median
        return value >= self.reach if self.bound == "least" else value <= self.reach


@dataclass(frozen=True, slots=True)
class Curve:
    """A cost as something grows: `y` by name, each with a value for every `x`. `bend` says why a curve is not flat.

    What grows by factors stands on a logarithmic scale, time on a linear one.
    """

    title: str
    x_name: str
    y_name: str
    x: tuple[float, ...]
    y: dict[str, tuple[float, ...]]
    bend: str = ""
    x_scale: Literal["log", "linear"] = "log"


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one part found, with the command that finds it again and the setting in which it was found."""

    part: str
    title: str
    command: str
    setting: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    curves: tuple[Curve, ...] = ()
    machine: str = field(default_factory=machine)
    day: str = field(default_factory=lambda: time.strftime("%Y-%m-%d", time.gmtime()))

    def save(self, folder: Path = FOLDER) -> Path:
        """Write the file of this part, over what it found before, and return where."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.part}.json"
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["setting"] = tuple(raw["setting"])
        raw["findings"] = tuple(
            Finding(**{**each, "ours": tuple(each["ours"]), "theirs": tuple(each["theirs"])})
            for each in raw["findings"]
        )
        raw["curves"] = tuple(
            Curve(**{**each, "x": tuple(each["x"]), "y": {name: tuple(y) for name, y in each["y"].items()}})
            for each in raw["curves"]
        )
        return cls(**raw)


def lines(found: Findings) -> list[str]:
    """Return what was found, as lines for a terminal."""
    texts = [found.title, *(f"  {line}" for line in (found.machine, *found.setting))]
    for each in found.findings:
        ours = Spread.of(each.ours)
        text = f"  {each.what}: {number(ours.median)} {each.unit} ({number(ours.least)} to {number(ours.most)})"
        if each.against:
            theirs, ratio = Spread.of(each.theirs), each.judged
            text += f"; {each.against}: {number(theirs.median)}"
            text += f"; ratio {ratio.median:.2f} ({ratio.least:.2f} to {ratio.most:.2f})"
        if each.reach is not None:
            word = "reached" if each.is_reached else "NOT reached"
            text += f"; asked at {each.bound} {number(each.reach)}: {word}"
        texts.append(text + (f" ({each.note})" if each.note else ""))
    return texts


def publish(found: Findings, *, save: bool) -> None:
    """Print what was found, and keep it for `bench.report` if wanted."""
    if save:
        found.save()
    out.print("\n".join(lines(found)), markup=False)


def number(value: float) -> str:
    """Return a figure with three digits that say something."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
