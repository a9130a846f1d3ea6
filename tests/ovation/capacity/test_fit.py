"""The fit finds costs that are there, and none below zero."""

import numpy as np
import pytest

from ovation.capacity.fit import fit, predicted


def rows(number: int) -> list[dict[str, float]]:
    chance = np.random.default_rng(3)
    return [
        {"second": 1.0, "records": float(chance.uniform(10, 1e5)), "rows": float(chance.uniform(10, 1e4))}
        for _ in range(number)
    ]


def test_costs_that_are_there_are_found_through_noise() -> None:
    costs, given = {"second": 0.2, "records": 4e-5, "rows": 3e-6}, rows(200)
    noise = np.random.default_rng(5).normal(1, 0.02, len(given))
    measured = [predicted(costs, row) * each for row, each in zip(given, noise, strict=True)]

    found = fit(given, measured)

    assert found["second"] == pytest.approx(0.2, rel=0.1)
    assert found["records"] == pytest.approx(4e-5, rel=0.05)


def test_what_costs_nothing_is_never_negative() -> None:
    given = rows(30)
    measured = [predicted({"second": 0.5, "records": 1e-5, "rows": -1e-5}, row) for row in given]

    found = fit(given, measured)

    assert found["rows"] == 0
    assert found["records"] > 0


def test_a_known_cost_stays_and_the_others_are_fitted_to_the_rest() -> None:
    given = rows(30)
    measured = [predicted({"second": 0.1, "rows": 5e-6}, row) for row in given]

    found = fit([{name: row[name] for name in ("second", "rows")} for row in given], measured, {"rows": 5e-6})

    assert found == pytest.approx({"second": 0.1, "rows": 5e-6})


def test_where_nothing_was_measured_nothing_is_said() -> None:
    assert fit([{"second": 1.0}, {"second": 1.0}], [0.0, 0.4]) == pytest.approx({"second": 0.4})
