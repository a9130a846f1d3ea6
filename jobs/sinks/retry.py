"""Waiting for a store that is away: the job holds still, and Kafka keeps what comes meanwhile."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)

FIRST_WAIT_S = 0.05
LONGEST_WAIT_S = 2.0


def until_written(
    write: Callable[[], T],
    transient: tuple[type[Exception], ...],
    store: str,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Call `write` until it raises none of `transient`, waiting longer each time up to `LONGEST_WAIT_S`.

    Anything else that it raises is a fault of ours and goes through, for Flink to restart the job and report it.
    """
    wait = FIRST_WAIT_S
    while True:
        try:
            return write()
        except transient as error:
            log.warning("%s does not take the write, trying again in %.2f s: %s", store, wait, type(error).__name__)
            sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)
