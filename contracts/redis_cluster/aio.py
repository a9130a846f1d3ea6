"""The Redis of a URL, for an event loop: a client of redis-py's, or of `aio_cluster` where the URL names a cluster."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, ConnectionPool, Redis

from contracts.redis_cluster.aio_cluster import ClusterRedis
from contracts.redis_cluster.aio_masters import Masters
from contracts.redis_cluster.slots import key_there
from contracts.redis_cluster.urls import Address, is_cluster

T = TypeVar("T")


def connect(url: str, *, timeout_s: float, connections: int | None = None, **options: Any) -> Redis:
    """Return a client of the Redis at `url`, which connects when it is first used.

    With `connections` it has no more of them, to each master of a cluster, and who needs one waits for it.
    """
    options = {**options, "socket_timeout": timeout_s, "socket_connect_timeout": timeout_s}
    pool: Callable[..., ConnectionPool] = ConnectionPool.from_url
    if connections is not None:
        options |= {"max_connections": connections, "timeout": timeout_s}
        pool = BlockingConnectionPool.from_url
    if is_cluster(url):
        return ClusterRedis(Masters(url, partial(pool, **options)))
    return Redis.from_pool(pool(url, **options))


@dataclass(frozen=True, slots=True)
class Shard:
    """One master, or the whole of one Redis. `redis` speaks to it alone; `holds` says which keys lie there."""

    address: Address | None
    redis: Redis
    holds: Callable[[str], bool]

    def own_key(self, name: str) -> str:
        """Return the key of this name that lies here: for what is to be said of each master."""
        return name if self.address is None else key_there(name, self.holds)


async def shards(redis: Redis) -> list[Shard]:
    """Return the masters as they are now; of one Redis, itself. Raises ConnectionError when no node answers."""
    if not isinstance(redis, ClusterRedis):
        return [Shard(None, redis, lambda _: True)]
    slots = await redis.masters.ask()
    return [
        Shard(address, redis.masters.at(address), lambda key, address=address: slots.of(key) == address)  # type: ignore[misc]
        for address in slots.masters()
    ]


def shard_of(redis: Redis, key: str) -> Address | None:
    """Return the master that has a key, as far as it is known without asking; None of one Redis."""
    return redis.masters.known(key) if isinstance(redis, ClusterRedis) else None


def by_shard(redis: Redis, items: Iterable[T], key: Callable[[T], str]) -> list[list[T]]:
    """Return the items apart, by the master that has the key of each: one that is away must not hold up all."""
    found: dict[Address | None, list[T]] = {}
    for item in items:
        found.setdefault(shard_of(redis, key(item)), []).append(item)
    return list(found.values())
