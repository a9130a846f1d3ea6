"""Plots of what was measured, as files for the docs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "ovation", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10})

import matplotlib.pyplot as plt  # noqa: E402 - after its settings
from matplotlib.figure import Figure  # noqa: E402

from bench.findings import Curve, Finding  # noqa: E402

_MANY = 30
"""Points, from which on their marks would hide the line."""


def growth(path: Path, x_name: str, x: Sequence[float], panels: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    """Draw figures over a size that grows by factors: a panel each, of one or more curves by their names."""
    figure, axes = plt.subplots(1, len(panels), figsize=(4.2 * len(panels), 3.2), squeeze=False, layout="constrained")
    for axis, (title, curves) in zip(axes[0], panels.items(), strict=True):
        for name, values in curves.items():
            axis.plot(x, values, marker="o", markersize=4, label=name)
        axis.set_title(title, fontsize=10, loc="left")
        axis.set_xlabel(x_name)
        axis.set_xscale("log")
        axis.set_ylim(0, 1.15 * max(map(max, curves.values())))
        axis.grid(visible=True, alpha=0.3)
        axis.spines[["top", "right"]].set_visible(False)
        if len(curves) > 1:
            axis.legend(frameon=False)
    _save(figure, path)


def curve(path: Path, found: Curve) -> None:
    """Draw costs as something grows."""
    figure, axis = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    for name, values in found.y.items():
        axis.plot(found.x, values, marker="o", markersize=4 if len(values) < _MANY else 1, label=name)
    axis.set_title(found.title, fontsize=10, loc="left")
    axis.set_xlabel(found.x_name)
    axis.set_ylabel(found.y_name)
    axis.set_xscale(found.x_scale)
    axis.set_ylim(0, 1.15 * max(map(max, found.y.values())) or 1)
    axis.grid(visible=True, alpha=0.3)
    axis.spines[["top", "right"]].set_visible(False)
    if len(found.y) > 1:
        figure.legend(loc="outside right upper", frameon=False, fontsize=8)
    _save(figure, path)


def reached(path: Path, judged: Sequence[tuple[str, Finding]]) -> None:
    """Draw how often each figure is what was asked of it: to the right of 1 is better than asked, with its spread."""
    figure, axis = plt.subplots(figsize=(12, 0.9 + 0.3 * len(judged)), layout="constrained")
    for place, (_name, each) in enumerate(judged):
        assert each.reach
        spread = each.judged
        middle, *ends = (_over(value, each) for value in (spread.median, spread.least, spread.most))
        colour = "#1a7f37" if each.is_reached else "#b3261e"
        axis.barh(place, middle - 1, left=1, color=colour, height=0.62)
        axis.plot(sorted(ends), [place, place], color="black", linewidth=1)
    axis.axvline(1, color="black", linewidth=1)
    axis.set_xscale("log")
    axis.set_yticks(range(len(judged)), [name for name, _ in judged], fontsize=8)
    axis.invert_yaxis()
    axis.set_xlabel("measured over asked; right of 1 is better than asked")
    axis.grid(visible=True, axis="x", alpha=0.3)
    axis.spines[["top", "right"]].set_visible(False)
    _save(figure, path)


def _over(value: float, each: Finding) -> float:
    assert each.reach
    return value / each.reach if each.bound == "least" else each.reach / value


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
