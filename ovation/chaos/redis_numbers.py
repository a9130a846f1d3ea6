"""What dashboards read in Redis, and whether an emptied one has it all again, quiet streams included."""

import asyncio
import time

from redis.exceptions import RedisError

from contracts.redis_cluster.sync import connect, shards

LOOK_S = 0.05
SHOWN = ("reactions", "poll")
_TIMES = ("as_of",)

Numbers = dict[bytes, dict[bytes, int]]


def numbers(url: str) -> Numbers:
    """Return the totals and the polls of all streams, without times and windows. Raises RedisError."""
    with connect(url, timeout_s=5) as client:
        keys = [
            key
            for shard in shards(client)
            for key in shard.redis.scan_iter("ovation:{*}:*", count=1_000)
            if _is_shown(key)
        ]
        pipeline = client.pipeline(transaction=False)
        for key in keys:
            pipeline.hgetall(key)
        return {
            key: {
                field: int(value) for field, value in fields.items() if value.isdigit() and field.decode() not in _TIMES
            }
            for key, fields in zip(keys, pipeline.execute(), strict=True)
        }


async def right_again(url: str, before: Numbers) -> float:
    """Return the seconds until Redis says of every number at least what it said before."""
    began = time.perf_counter()
    while True:
        try:
            now = await asyncio.to_thread(numbers, url)
        except RedisError:
            now = {}
        if all(_has(now.get(key, {}), fields) for key, fields in before.items()):
            return time.perf_counter() - began
        await asyncio.sleep(LOOK_S)


def _has(now: dict[bytes, int], before: dict[bytes, int]) -> bool:
    return all(now.get(field, -1) >= value for field, value in before.items())


def _is_shown(key: bytes) -> bool:
    kind, *rest = key.decode().partition("}:")[2].split(":")
    return kind in SHOWN and (kind == "poll" or not rest)
