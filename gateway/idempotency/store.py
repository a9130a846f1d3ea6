"""The records in Redis. Only who put a record there changes it: no sealed text repeats, so each shows whose it is."""

import asyncio
from typing import NamedTuple, cast

import structlog
from redis.exceptions import RedisError

from contracts import redis_keys
from contracts.redis_cluster import aio
from contracts.redis_cluster.urls import Address

log = structlog.get_logger(__name__)

KEPT_MS = 24 * 3_600_000

_TIMEOUT_S = 1.0
_CONNECTIONS = 64
_REST_S = 0.5
"""How long a Redis that did not answer is left alone: a vote need not wait for it again and again."""

_CLAIM = """
local found = redis.call('GET', KEYS[1])
if found then return {found, redis.call('PTTL', KEYS[1])} end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false
"""
_REPLACE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""
_DROP = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


class Unreachable(Exception):  # noqa: N818 - a state of things
    """Redis did not answer. If it `was_asked`, it may have done what it was told all the same, now or later."""

    def __init__(self, *, was_asked: bool) -> None:
        super().__init__()
        self.was_asked = was_asked


class Found(NamedTuple):
    """A record that is there already, and how long it still will be."""

    sealed: bytes
    left_ms: int


class Store:
    """Keeps sealed records by name. Every method raises Unreachable."""

    def __init__(self, redis_url: str) -> None:
        self._redis = aio.connect(redis_url, timeout_s=_TIMEOUT_S, connections=_CONNECTIONS)
        self._rests_until: dict[Address | None, float] = {}
        """By the master that did not answer; one Redis is None."""

    async def claim(self, name: str, sealed: bytes, kept_ms: int) -> Found | None:
        """Put a record where none is, and return None; else return the one that is there."""
        found = cast("tuple[bytes, int] | None", await self._run(_CLAIM, name, sealed, kept_ms))
        return None if found is None else Found(*found)

    async def replace(self, name: str, before: bytes, after: bytes) -> bool:
        """Put `after` where `before` still is, for a day, and return whether it was."""
        return bool(await self._run(_REPLACE, name, before, after, KEPT_MS))

    async def drop(self, name: str, sealed: bytes) -> None:
        """Take a record away, if it is still there."""
        await self._run(_DROP, name, sealed)

    async def close(self) -> None:
        await self._redis.aclose()

    async def _run(self, script: str, name: str, *arguments: bytes | int) -> object:
        loop = asyncio.get_running_loop()
        key = redis_keys.idempotency(name)
        shard = aio.shard_of(self._redis, key)
        if loop.time() < self._rests_until.get(shard, 0.0):
            raise Unreachable(was_asked=False)
        try:
            return await self._redis.eval(script, 1, key, *arguments)  # type: ignore[arg-type, misc]
        except (RedisError, OSError) as error:
            log.info("idempotency keys cannot be read", reason=type(error).__name__)
            self._rests_until[shard] = loop.time() + _REST_S
            raise Unreachable(was_asked=True) from error
