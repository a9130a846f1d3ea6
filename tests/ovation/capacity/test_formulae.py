"""Each formula against what it is about, counted tap by tap."""

import numpy as np
import numpy.typing as npt
import pytest

from ovation.capacity import formulae
from ovation.capacity.simulation import flushes

Times = npt.NDArray[np.float64]
EVENTS = 20_000


def taps(rate: float, seconds: float, seed: int = 1) -> Times:
    chance = np.random.default_rng(seed)
    return np.asarray(np.sort(chance.uniform(0, seconds, chance.poisson(rate * seconds))))


@pytest.mark.parametrize("edge_taps", [0.5, 20.0, 60.0, 400.0])
def test_a_gateway_flushes_as_often_as_is_said(edge_taps: float) -> None:
    seconds = EVENTS / edge_taps
    counted = seconds / len(flushes(taps(edge_taps, seconds), 0.025))

    assert formulae.flush_period(edge_taps, 0.025) == pytest.approx(counted, rel=0.03)


def test_a_flush_is_armed_by_the_first_tap_and_waits_for_the_one_before() -> None:
    assert flushes(np.array([1.0, 1.001, 1.02, 1.03, 9.0]), 0.025).tolist() == pytest.approx([1.0, 1.025, 1.05, 9.0])


@pytest.mark.parametrize(("own", "others"), [(0.5, 5.0), (5.0, 50.0), (100.0, 300.0)])
def test_records_of_a_stream_beside_others(own: float, others: float) -> None:
    seconds = EVENTS / own
    mine = taps(own, seconds)
    times = np.sort(np.concatenate([mine, taps(others, seconds, seed=2)]))
    at = flushes(times, 0.025)
    counted = len({(flush, int(tap)) for flush, tap in zip(np.searchsorted(at, mine), mine, strict=True)}) / seconds

    [found] = formulae.records(np.array([own]), own + others, 0.025, 1.0)

    assert found == pytest.approx(counted, rel=0.03)
    assert found <= own


@pytest.mark.parametrize("rate", [0.1, 1.0, 5.0, 80.0])
def test_rows_of_an_emoji_are_written_in_every_batch_that_it_was_tapped_in(rate: float) -> None:
    seconds, counted = EVENTS / rate, 0
    times = taps(rate, seconds)
    for phase in np.linspace(0, 1, 20, endpoint=False):
        batch = (times + phase).astype(int)
        counted += sum(
            len({*zip((times / span).astype(int).tolist(), batch.tolist(), strict=True)})
            for span in (1.0, 60.0, 3600.0)
        )

    [found] = formulae.rows_written(np.array([rate]), 1.0)

    assert found == pytest.approx(counted / 20 / seconds, rel=0.03)


def test_rows_that_stand_after_an_hour_of_taps() -> None:
    times = taps(0.7, 3_600.0)
    counted = sum(len(set((times / span).astype(int))) for span in (1.0, 60.0, 3600.0))

    assert formulae.rows_kept(np.array([0.7]), 3_600.0)[0] == pytest.approx(counted, rel=0.05)


@pytest.mark.parametrize(("gateways", "batch_s"), [(1, 0.02), (1, 0.06), (7, 0.02)])
def test_batches_without_a_record(gateways: int, batch_s: float) -> None:
    random, batches, chance = np.random.default_rng(3), 20_000, 0.3
    full = np.zeros(batches, dtype=bool)
    for _ in range(gateways):
        at = np.arange(0, batches * batch_s, 0.025) + random.uniform(0, 0.025)
        at = at[(random.uniform(size=len(at)) < chance) & (at < batches * batch_s)]
        full[(at / batch_s).astype(int)] = True

    [found] = formulae.empty_batch(np.array([chance / 0.025]), 0.025, np.array([float(gateways)]), batch_s)

    assert found == pytest.approx(1 - full.mean(), abs=0.015)


@pytest.mark.parametrize("changes", [0.3, 5.0, 45.0])
def test_a_screen_is_shown_a_change_at_once_and_the_next_after_the_interval(changes: float) -> None:
    random = np.random.default_rng(4)
    batches = np.flatnonzero(random.uniform(size=200_000) < changes * 0.02) * 0.02
    shown, last = 0, -np.inf
    for at in batches:
        # What changed within the interval is shown at its end.
        if at > last:
            last, shown = max(at, last + 0.1), shown + 1

    [found] = formulae.pictures(np.array([changes]), 0.02, 0.1)

    assert found == pytest.approx(shown / (200_000 * 0.02), rel=0.15)


def test_a_stream_without_changes_shows_nothing() -> None:
    assert formulae.pictures(np.array([0.0]), 0.02, 0.05)[0] == 0


def test_who_is_named() -> None:
    few, many = (
        formulae.named(np.array([500.0]), np.array([1e9]), 1_024),
        formulae.named(np.array([1e6]), np.array([1e9]), 1_024),
    )
    first = formulae.named(np.array([4_096.0]), np.array([1e9]), 1_024, first_minute=True)

    assert few[0] == pytest.approx(500)
    assert many[0] == 1_024
    # Two steps of the level, each half a sample more.
    assert first[0] == pytest.approx(1_024 + 2 * 512)
