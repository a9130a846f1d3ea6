"""How often Flink started the jobs again. Its REST interface shows counters as they were up to a second ago."""

import asyncio
import time
from collections.abc import Mapping

from ovation.flink_api import Flink

METRICS_ARE_OLD_S = 1.5
DEADLINE_S = 40.0


def seen(flink: Flink) -> dict[str, int]:
    """Return the restarts of every job by its name, as Flink shows them now."""
    return {name: flink.restarts(job) for name, job in flink.alive().items()}


async def now(flink: Flink) -> dict[str, int]:
    """Return the restarts of every job up to this moment."""
    seen(flink)  # Asking is what makes Flink collect its counters, for those who ask later.
    await asyncio.sleep(METRICS_ARE_OLD_S)
    seen(flink)
    await asyncio.sleep(0.5)
    return seen(flink)


async def all_restarted(flink: Flink, before: Mapping[str, int]) -> bool:
    """Return whether every job was started again since `before`; wait for the counters to say so."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        counts = seen(flink)
        if counts.keys() == before.keys() and all(count > before[name] for name, count in counts.items()):
            return True
        await asyncio.sleep(1)
    return False
