"""Tasks and parts that run for as long as the gateway does, and how they end."""

import asyncio
import os
import threading
from collections.abc import Awaitable

import structlog

log = structlog.get_logger(__name__)

_PART_S = 5.0
"""How long a part may take to end. None has much left to do by then, and a library of one may hang."""
_AGAIN_S = 0.1


async def end(task: asyncio.Task[None] | None) -> None:
    """Cancel a task and return when it has ended; None is one that was never started."""
    if task is not None:
        # Until Python 3.12 `asyncio.wait_for` swallows a cancellation that comes in the moment in which what it waits
        # for is done, and the Redis client waits so for every command: once is not enough.
        while not task.done():
            task.cancel()
            # Not `await task`: who stops waiting must not be taken for the task.
            await asyncio.wait([task], timeout=_AGAIN_S)


async def ends(name: str, closing: Awaitable[None]) -> None:
    """Wait for a part to end, but not for ever: the others have to end, too."""
    try:
        async with asyncio.timeout(_PART_S):
            await closing
    except TimeoutError:
        log.error("a part did not end in time, and is left behind", part=name, after_s=_PART_S)


def exit_within(seconds: float) -> None:
    """End this process after so long at the latest, whatever its threads do: Python would wait for those of a pool."""
    overdue = threading.Timer(seconds, os._exit, [1])
    overdue.daemon = True
    overdue.start()
