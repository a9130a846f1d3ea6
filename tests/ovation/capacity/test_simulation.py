"""The simulation by itself, and the model against it."""

import pytest

from ovation.capacity.crowd import Crowd
from ovation.capacity.pace import Pace
from ovation.capacity.simulation import simulate
from ovation.capacity.trial import trial

SMALL = Crowd(viewers=20_000, taps_per_viewer=0.5, streams=300, exponent=1.0, emojis=3, voting_share=0.0)


def test_a_seed_simulates_the_same() -> None:
    one, again, other = (simulate(SMALL, 4, 3, seed, Pace()) for seed in (1, 1, 2))

    assert one == again
    assert one != other


def test_nothing_is_counted_more_often_than_it_was_tapped() -> None:
    counted = simulate(SMALL, 4, 3, 1, Pace())

    assert counted.taps == pytest.approx(10_000, rel=0.05)
    assert counted.updates <= counted.records <= counted.entries <= counted.taps
    assert counted.changes <= counted.entries


def test_edges_are_told_as_they_are_done() -> None:
    done: list[int] = []
    simulate(SMALL, 3, 2, 1, Pace(), done.append)

    assert done == [1, 2, 3]


@pytest.mark.parametrize("edges", [1, 5, 40])
def test_the_model_is_near_the_simulation(edges: int) -> None:
    for compared in trial(SMALL, 5, Pace(), edges, 4.0):
        assert compared.error == pytest.approx(0, abs=0.04), compared
