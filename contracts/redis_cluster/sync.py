"""The Redis of a URL, for programs without an event loop: a client of redis-py's, or of `sync_cluster`."""

from dataclasses import dataclass
from typing import Any

from redis import Redis

from contracts.redis_cluster.sync_cluster import ClusterRedis
from contracts.redis_cluster.sync_masters import Masters
from contracts.redis_cluster.urls import Address, is_cluster


def connect(url: str, *, timeout_s: float, connect_timeout_s: float | None = None, **options: Any) -> Redis:
    """Return a client of the Redis at `url`, which connects when it is first used."""
    options |= {"socket_timeout": timeout_s, "socket_connect_timeout": connect_timeout_s or timeout_s}
    return ClusterRedis(Masters(url, options)) if is_cluster(url) else Redis.from_url(url, **options)


@dataclass(frozen=True, slots=True)
class Shard:
    """One master, or the whole of one Redis, which has no address. `redis` speaks to it alone."""

    address: Address | None
    redis: Redis
    lacking: int = 0
    """How many slots of the cluster no master has."""


def shards(redis: Redis) -> list[Shard]:
    """Return the masters as they are now; of one Redis, itself. Raises ConnectionError when no node answers."""
    if not isinstance(redis, ClusterRedis):
        return [Shard(None, redis)]
    slots = redis.masters.ask()
    return [Shard(address, redis.masters.at(address), slots.lacking()) for address in slots.masters()]
