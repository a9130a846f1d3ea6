"""What the bench has found, read from `docs/measurements/`."""

from pathlib import Path
from statistics import median

import msgspec

from ovation.data_dir import CHECKOUT
from ovation.errors import OvationError

FOLDER = CHECKOUT / "docs" / "measurements"


class Finding(msgspec.Struct, frozen=True):
    """A figure of several rounds."""

    what: str
    unit: str
    ours: list[float]
    note: str = ""


class Curve(msgspec.Struct, frozen=True):
    """Costs as something grows: `y` by name, each with a value for every `x`."""

    title: str
    x: list[float]
    y: dict[str, list[float]]


class Part(msgspec.Struct, frozen=True):
    """All that one part of the bench has found."""

    part: str
    command: str
    setting: list[str]
    findings: list[Finding] = []
    curves: list[Curve] = []

    def figure(self, what: str) -> float:
        """Return the median of the first figure whose name begins so. Raises OvationError."""
        return median(self._finding(what).ours)

    def note(self, what: str) -> str:
        """Return that figure's note. Raises OvationError."""
        return self._finding(what).note

    def _finding(self, what: str) -> Finding:
        for each in self.findings:
            if each.what.startswith(what) and each.ours:
                return each
        raise OvationError(f"{self.part}.json has no figure {what!r}. Measure it again: {self.command}")

    def curve(self, title: str) -> Curve:
        """Return the curve of that name. Raises OvationError."""
        for each in self.curves:
            if each.title == title:
                return each
        raise OvationError(f"{self.part}.json has no curve {title!r}. Measure it again: {self.command}")


def read(folder: Path, part: str) -> Part:
    """Return what a part has found. Raises OvationError."""
    path = folder / f"{part}.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Part)
    except OSError as error:
        raise OvationError(
            f"{path} cannot be read: {error.strerror}. Run this in a checkout, or name the folder with --measurements."
        ) from error
    except msgspec.MsgspecError as error:
        raise OvationError(f"{path} is not what the bench writes: {error}") from error
