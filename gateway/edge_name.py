"""Notices another gateway that goes by this one's name.

Records, numbers of viewers and recounts are told apart by the names of gateways. One that lives keeps a mark under its
name in Redis, with what tells this life of it from another; whose name is marked by somebody else for longer than a
mark outlives its gateway has a twin.
"""

import asyncio

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.redis_keys import edge_name
from gateway import metrics
from gateway.tasks import end

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 2.0
MARK_S = 10


class EdgeName:
    """A task of its own. Without Redis it waits, and says nothing."""

    def __init__(self, redis: Redis, edge: str, life: str, *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._redis = redis
        self._edge = edge
        self._life = life.encode()
        self._look_every_s = look_every_s
        self._task: asyncio.Task[None] | None = None
        self._twin: tuple[bytes, float] | None = None
        """Another life under this name, and when it was first seen."""
        self._is_taken = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="edge-name")

    async def close(self) -> None:
        """Look no more. The mark goes by itself, before a gateway that comes next would call it a twin's."""
        await end(self._task)

    async def _run(self) -> None:
        while True:
            try:
                self._seen(await self._holder())
            except (RedisError, OSError, TimeoutError):
                self._twin = None
            await asyncio.sleep(self._look_every_s)

    async def _holder(self) -> bytes:
        """Return the life that the name is marked by, which is this one where there was none."""
        key = edge_name(self._edge)
        holder: bytes | None = await self._redis.get(key)
        if holder in (None, self._life):
            await self._redis.set(key, self._life, ex=MARK_S)
        return holder or self._life

    def _seen(self, holder: bytes) -> None:
        now = asyncio.get_running_loop().time()
        if holder == self._life:
            self._twin = None
        elif self._twin is None or self._twin[0] != holder:
            self._twin = (holder, now)
        was_taken, self._is_taken = self._is_taken, self._twin is not None and now - self._twin[1] > MARK_S
        if self._is_taken and not was_taken:
            log.error("another gateway goes by this one's name; each needs an OVATION_EDGE of its own", edge=self._edge)
        metrics.NAME_TAKEN.set(self._is_taken)
