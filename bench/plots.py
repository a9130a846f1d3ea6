"""Plots of what was measured, as files for the docs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "ovation", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10})

import matplotlib.pyplot as plt  # noqa: E402 - after its settings


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
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
