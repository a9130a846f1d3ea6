"""A short form of `make screen`: the measurement stays alive, and every tap is painted on another viewer's screen."""

import pytest

from bench.screen import measure, times
from ovation.addresses import Addresses

pytestmark = [pytest.mark.browser]

LIMIT_MS = 2_000
"""Far above the 250 ms that `make screen` is asked for: here two tests share the machine."""


@pytest.mark.stack
@pytest.mark.timeout(600)
async def test_a_tap_is_painted_on_another_screen(addresses: Addresses) -> None:
    latencies, shown = await measure(addresses, taps=12, crowd_per_s=20, warm_up_s=0)
    assert shown == 12
    print(f"\ntap to another screen: {latencies.summary().line()}")
    middle = latencies.percentile(0.5)
    assert middle is not None
    assert middle < LIMIT_MS


def test_a_press_is_shown_by_the_first_frame_that_counts_it() -> None:
    latencies, shown = times([0.0, 10.0, 500.0], [(2, 100.0), (2, 110.0)])
    assert shown == 2
    assert latencies.summary().max == 100.0
