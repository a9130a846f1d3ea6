"""Tasks that run beside the main one, none of which can fail unseen."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """A set of tasks. The first failure is kept until somebody asks."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` as a task."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def check(self) -> None:
        """Raise what the first task that failed raised."""
        if self._failure is not None:
            raise self._failure

    async def finish(self, timeout_s: float) -> None:
        """Wait for the tasks, and cancel those that are not done when the time is over."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
        await self.cancel()

    async def cancel(self) -> None:
        """Cancel every task and wait until all have ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        failure = None if task.cancelled() else task.exception()
        if self._failure is None:
            self._failure = failure
