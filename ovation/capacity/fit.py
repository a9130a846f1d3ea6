"""Unit costs out of curves: the non-negative ones that come nearest, relatively, to what was measured."""

from collections.abc import Mapping, Sequence

import numpy as np


def fit(
    features: Sequence[Mapping[str, float]], measured: Sequence[float], known: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the cost of a unit of each feature, so that the sum over a row is near what was measured there.

    Each row counts by its relative error; rows where nothing was measured count not at all. Least squares, again
    without what came out negative until nothing does: costs below zero are none. Those that are `known` stay.
    """
    known = known or {}
    names = sorted({name for row in features for name in row} - known.keys())
    rows = [(row, value) for row, value in zip(features, measured, strict=True) if value > 0]
    costs = {**dict.fromkeys(names, 0.0), **known}
    while names and rows:
        matrix = np.array([[row.get(name, 0.0) / value for name in names] for row, value in rows])
        # Features differ by factors of millions: each in units of its own largest.
        scale = np.maximum(np.abs(matrix).max(axis=0), 1e-300)
        left = np.array([1 - predicted(known, row) / value for row, value in rows])
        found = np.linalg.lstsq(matrix / scale, left, rcond=None)[0] / scale
        negative = [name for name, cost in zip(names, found, strict=True) if cost < 0]
        if not negative:
            costs.update(zip(names, map(float, found), strict=True))
            break
        # The worst of them alone: without it the others may be none.
        worst = min(negative, key=lambda name: float(found[names.index(name)] * scale[names.index(name)]))
        names.remove(worst)
    return costs


def predicted(costs: Mapping[str, float], row: Mapping[str, float]) -> float:
    """Return the sum of what a row costs."""
    return sum(cost * row.get(name, 0.0) for name, cost in costs.items())
