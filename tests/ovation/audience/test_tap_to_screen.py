import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovation.audience import tap_to_screen
from ovation.audience.latencies import Latencies
from ovation.audience.tap_to_screen import TapToScreen


class Recorded(Latencies):
    """Keeps each duration as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def add(self, seconds: float) -> None:
        super().add(seconds)
        self.seconds.append(seconds)


@pytest.fixture
def latencies() -> Recorded:
    return Recorded()


def test_the_kth_tap_is_visible_when_the_total_is_k(latencies: Recorded) -> None:
    taps = TapToScreen(1, latencies)
    for at_s in (1.0, 2.0, 3.0):
        taps.sent("🔥", at_s)
    taps.shown(0, "🔥", 2, 3.5)
    assert latencies.seconds == [2.5, 1.5]
    taps.shown(0, "🔥", 3, 4.0)
    assert latencies.seconds == [2.5, 1.5, 1.0]


def test_a_total_that_stays_shows_nothing_new(latencies: Recorded) -> None:
    taps = TapToScreen(1, latencies)
    taps.sent("🔥", 1.0)
    for at_s in (2.0, 3.0):
        taps.shown(0, "🔥", 1, at_s)
    assert latencies.seconds == [1.0]


def test_emojis_are_counted_apart(latencies: Recorded) -> None:
    taps = TapToScreen(1, latencies)
    taps.sent("🔥", 1.0)
    taps.sent("👏", 2.0)
    taps.shown(0, "👏", 1, 2.5)
    assert latencies.seconds == [0.5]


def test_every_screen_counts(latencies: Recorded) -> None:
    taps = TapToScreen(2, latencies)
    taps.sent("🔥", 1.0)
    taps.shown(0, "🔥", 1, 1.25)
    taps.shown(1, "🔥", 1, 1.5)
    assert latencies.seconds == [0.25, 0.5]


def test_a_withdrawn_tap_is_never_waited_for(latencies: Recorded) -> None:
    taps = TapToScreen(1, latencies)
    for at_s in (1.0, 2.0, 3.0):
        taps.sent("🔥", at_s)
    taps.withdrawn("🔥", 2.0)
    taps.shown(0, "🔥", 2, 3.5)
    assert latencies.seconds == [2.5, 0.5]


def test_taps_of_somebody_else_do_not_shift_the_row(latencies: Recorded) -> None:
    taps = TapToScreen(1, latencies)
    taps.shown(0, "🔥", 4, 1.0)
    taps.sent("🔥", 2.0)
    taps.shown(0, "🔥", 4, 2.1)
    assert latencies.seconds == []
    taps.shown(0, "🔥", 5, 2.5)
    assert latencies.seconds == [0.5]


def test_without_screens_nothing_is_kept(latencies: Recorded) -> None:
    taps = TapToScreen(0, latencies)
    taps.sent("🔥", 1.0)
    taps.withdrawn("🔥", 1.0)
    assert taps._rows == {}


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(1, 3))
def test_long_rows_are_trimmed_without_losing_a_tap(steps: list[int], screens: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tap_to_screen, "_TRIM", 8)
        latencies = Recorded()
        taps = TapToScreen(screens, latencies)
        now, total = 0.0, 0
        for step in steps:
            for _ in range(step):
                now += 1
                taps.sent("🔥", now)
            total += step
            for screen in range(screens):
                taps.shown(screen, "🔥", total, now)
        assert latencies.count == total * screens
        expected = [float(later) for step in steps for _ in range(screens) for later in range(step - 1, -1, -1)]
        assert latencies.seconds == expected
