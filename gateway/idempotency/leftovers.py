"""Records that should not be in Redis, because what they stand for was not done, and that Redis could not yet drop."""

import asyncio

import structlog

from gateway.idempotency.store import Store, Unreachable
from gateway.tasks import end

log = structlog.get_logger(__name__)

_AGAIN_S = 1.0
_DROPS = 2
"""A command that Redis did not answer may still reach it after the first drop."""
_MOST = 10_000


class Leftovers:
    """Drops records in the background, for as long as it takes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._drops_left: dict[tuple[str, bytes], int] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, name: str, sealed: bytes) -> None:
        """Drop a record as soon as Redis answers. What does not fit in here stays in Redis until its time is over."""
        if len(self._drops_left) >= _MOST:
            log.warning("a record of an Idempotency-Key is left in redis")
            return
        self._drops_left[name, sealed] = _DROPS
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drop(), name="idempotency-leftovers")

    async def close(self) -> None:
        await end(self._task)

    async def _drop(self) -> None:
        while self._drops_left:
            for each in list(self._drops_left):
                try:
                    await self._store.drop(*each)
                except Unreachable:
                    break
                self._drops_left[each] -= 1
                if not self._drops_left[each]:
                    del self._drops_left[each]
            await asyncio.sleep(_AGAIN_S)
