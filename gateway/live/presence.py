"""How many watch each stream, over all gateways.

Every gateway writes its own number into Redis and adds up those of all, which it reads about once a second. A number
that is not written again within `_FRESH_MS` does not count: its gateway is dead. While Redis is away, the numbers of
others fade out, and a gateway's own stays.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import structlog
from redis.exceptions import RedisError

from contracts import redis_keys
from contracts.redis_cluster import aio
from gateway.clock import Clock
from gateway.live.hub import StreamHub

log = structlog.get_logger(__name__)

PRESENCE_S = 1.0
"""How often numbers are exchanged, and at most shown."""
_WRITE_S = 5.0
"""How often a number is written that does not change."""
_FRESH_MS = 15_000
_FORGOTTEN_MS = 60_000
"""When a dead gateway's number is deleted, by whoever meets it."""
_STREAMS_AT_ONCE = 200
_TIMEOUT_S = 1.0


class _Watched:
    """What is known of one stream."""

    __slots__ = ("others", "shown_at", "written", "written_at")

    def __init__(self) -> None:
        self.others: dict[bytes, tuple[int, int]] = {}
        """Edge to its number, and when it wrote that, epoch ms."""
        self.written = 0
        self.written_at = float("-inf")
        self.shown_at = float("-inf")


class Presence:
    """Looks after the numbers of `hubs`. `edge` is this gateway's name there."""

    def __init__(self, redis_url: str, edge: str, clock: Clock) -> None:
        self._redis: Any = aio.connect(redis_url, timeout_s=_TIMEOUT_S)
        self._edge = edge.encode()
        self._clock = clock
        self._watched: dict[str, _Watched] = {}

    def changed(self, hub: StreamHub) -> None:
        """Show at once that somebody came or went here, unless the number was changed within the last second."""
        watched = self._of(hub)
        if asyncio.get_running_loop().time() - watched.shown_at >= PRESENCE_S:
            self._show(hub, watched)

    def forget(self, stream_id: str) -> None:
        """Forget a stream that nobody watches here."""
        self._watched.pop(stream_id, None)

    async def beat(self, hubs: Iterable[StreamHub]) -> None:
        """Write this gateway's numbers, read those of others, and show the sums."""
        # A master that is away costs its own streams the numbers of others, and no more.
        for of_shard in aio.by_shard(self._redis, hubs, lambda hub: redis_keys.presence(hub.stream_id)):
            await self._beat(of_shard)

    async def _beat(self, hubs: list[StreamHub]) -> None:
        for start in range(0, len(hubs), _STREAMS_AT_ONCE):
            part = hubs[start : start + _STREAMS_AT_ONCE]
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    await self._exchange(part)
            except (RedisError, OSError, ValueError) as error:
                log.info("presence cannot be exchanged", reason=type(error).__name__)
            for hub in part:
                self._show(hub, self._of(hub))

    async def close(self) -> None:
        """Take this gateway's numbers back: who watched here comes again elsewhere."""
        with suppress(RedisError, OSError):
            async with asyncio.timeout(_TIMEOUT_S), self._redis.pipeline(transaction=False) as pipeline:
                for stream_id, watched in self._watched.items():
                    if watched.written:
                        pipeline.hdel(redis_keys.presence(stream_id), self._edge)
                await pipeline.execute()
        with suppress(RedisError, OSError):
            await self._redis.aclose()

    async def _exchange(self, hubs: list[StreamHub]) -> None:
        now_ms, now = self._clock(), asyncio.get_running_loop().time()
        written: list[tuple[_Watched, int]] = []
        async with self._redis.pipeline(transaction=False) as pipeline:
            for hub in hubs:
                key, watched, viewers = redis_keys.presence(hub.stream_id), self._of(hub), hub.screens.viewers
                if viewers != watched.written or (viewers and now - watched.written_at >= _WRITE_S):
                    if viewers:
                        pipeline.hset(key, self._edge, f"{viewers}:{now_ms}")
                    else:
                        pipeline.hdel(key, self._edge)
                    pipeline.expire(key, redis_keys.PRESENCE_TTL_S)
                    written.append((watched, viewers))
                pipeline.hgetall(key)
            numbers = [answer for answer in await pipeline.execute() if isinstance(answer, dict)]
        for watched, viewers in written:
            watched.written, watched.written_at = viewers, now
        for hub, of_edges in zip(hubs, numbers, strict=True):
            self._of(hub).others = {edge: _number(text) for edge, text in of_edges.items() if edge != self._edge}
            dead = [edge for edge, (_, at) in self._of(hub).others.items() if at < now_ms - _FORGOTTEN_MS]
            if dead:
                await self._redis.hdel(redis_keys.presence(hub.stream_id), *dead)

    def _show(self, hub: StreamHub, watched: _Watched) -> None:
        fresh_from_ms = self._clock() - _FRESH_MS
        others = sum(count for count, at in watched.others.values() if at > fresh_from_ms)
        if hub.take_presence(hub.screens.viewers + others):
            watched.shown_at = asyncio.get_running_loop().time()

    def _of(self, hub: StreamHub) -> _Watched:
        watched = self._watched.get(hub.stream_id)
        if watched is None:
            watched = self._watched[hub.stream_id] = _Watched()
        return watched


def _number(text: bytes) -> tuple[int, int]:
    count, _, at = text.partition(b":")
    return int(count), int(at)
