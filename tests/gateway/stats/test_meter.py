"""How late the picture is, from nothing but the times of taps and of pictures."""

from dataclasses import dataclass

import pytest

from gateway.live.picture import Picture
from gateway.live.tally import Tally
from gateway.stats.meter import Meter

START = 1_700_000_000_000


@dataclass
class Clock:
    now: int = START

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meter(clock: Clock) -> Meter:
    return Meter(clock)


def show(meter: Meter, clock: Clock, window: int, at: int, taps: int = 1) -> None:
    clock.now = START + at
    meter.see(Picture(totals={"🔥": taps}, window_start=START + window))


def lags(meter: Meter, clock: Clock) -> list[int] | None:
    return meter.lags.percentiles(clock.now, 0, 100)


def test_the_lag_is_from_the_first_taps_of_a_window_to_its_first_picture(meter: Meter, clock: Clock) -> None:
    for at in (10, 35, 60):
        meter.left(START + at)
    show(meter, clock, 0, 70)
    show(meter, clock, 0, 500)
    assert lags(meter, clock) == [60, 60]
    meter.left(START + 1_200)
    show(meter, clock, 1_000, 1_300)
    assert lags(meter, clock) == [60, 100]


def test_a_window_that_others_tapped_first_says_nothing(meter: Meter, clock: Clock) -> None:
    show(meter, clock, 0, 70)
    meter.left(START + 80)
    show(meter, clock, 0, 90)
    show(meter, clock, 1_000, 1_010)
    assert lags(meter, clock) is None


def test_a_clock_that_is_set_back_makes_no_lag(meter: Meter, clock: Clock) -> None:
    meter.left(START + 900)
    show(meter, clock, 0, 400)
    assert lags(meter, clock) is None


def test_an_outage_is_a_lag_of_its_length(meter: Meter, clock: Clock) -> None:
    """The first window after it may not be the newest that was tapped."""
    for second in range(50):
        meter.left(START + second * 1_000 + 5)
    show(meter, clock, 20_000, 50_000)
    assert lags(meter, clock) == [29_995, 29_995]
    show(meter, clock, 49_000, 50_100)
    assert lags(meter, clock) == [1_095, 29_995]


def test_what_no_picture_ever_shows_is_forgotten(meter: Meter, clock: Clock) -> None:
    for second in range(10_000):
        meter.left(START + second * 1_000)
    assert len(vars(meter)["_taken"]) == 300


def test_taps_and_votes_are_those_of_all_emojis_and_polls(meter: Meter, clock: Clock) -> None:
    picture = Picture(totals={"🔥": 10}, tallies={"old": Tally(votes={}, received=400)})
    meter.see(picture)
    picture.totals |= {"🔥": 12, "👏": 3}
    picture.tallies["new"] = Tally(votes={}, received=7)
    meter.see(picture)
    clock.now += 1_000
    assert (meter.taps.by_second(clock.now)[-1], meter.votes.by_second(clock.now)[-1]) == (5, 7)
