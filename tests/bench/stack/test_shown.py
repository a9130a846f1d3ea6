import numpy as np
import pytest

from bench.stack.shown import delays, gathered


def test_a_tap_is_shown_by_the_first_picture_that_has_it() -> None:
    found = delays(
        sums=np.array([1, 2, 5]),
        due=np.array([10.0, 10.1, 10.2]),
        totals=np.array([0, 2, 2, 5]),
        times=np.array([10.05, 10.15, 10.25, 10.5]),
    )
    assert found == pytest.approx([150, 50, 300])


def test_a_picture_that_steps_back_takes_nothing_from_what_was_shown() -> None:
    found = delays(np.array([1, 3]), np.array([0.0, 0.0]), np.array([2, 1, 3]), np.array([1.0, 2.0, 3.0]))
    assert found == pytest.approx([1_000, 3_000])


def test_what_no_screen_shows_is_missing_and_later_than_everything() -> None:
    found = gathered([delays(np.array([1, 2]), np.array([0.0, 0.0]), np.array([1]), np.array([0.1]))])
    assert (len(found.ms), found.missing) == (1, 1)
    assert found.percentile(0.5) == pytest.approx(100)
    assert found.percentile(0.99) == float("inf")


def test_a_screen_without_a_picture_shows_nothing() -> None:
    found = gathered([delays(np.array([1]), np.array([0.0]), np.array([], np.int64), np.array([]))])
    assert (len(found.ms), found.missing) == (0, 1)
