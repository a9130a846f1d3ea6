"""The gateway's clock. Functions take a `Clock`, so that a test decides what time it is."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns the time in milliseconds since the epoch, UTC."""


def now_ms() -> int:
    """Return the time of this machine, in milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000
