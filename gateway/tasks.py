"""Tasks that run for as long as the gateway does."""

import asyncio
from contextlib import suppress


async def end(task: asyncio.Task[None] | None) -> None:
    """Cancel a task and return when it has ended; None is one that was never started."""
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
