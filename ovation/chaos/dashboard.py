"""A dashboard: reads the numbers of a crowd's streams in Redis again and again, and notes each that went back.

Screens do not tell of it: a gateway keeps the larger number. While Redis is away, or was emptied and is not filled
again, nothing is held against what it said before.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts import redis_keys
from contracts.redis_cluster.aio import Shard, connect, shards
from contracts.redis_keys import PollField
from ovation.audience.races import Races
from ovation.audience.stage import Stage

LOOK_S = 0.1
_TIMEOUT_S = 1.0
_EXAMPLES = 10
_NOT_HELD = frozenset({PollField.AS_OF, PollField.IS_FINAL, PollField.STATUS, PollField.BUCKETS})


class Dashboard:
    """Reads what the crowd's `stages` are in the Redis at `url`."""

    def __init__(self, url: str, stages: Sequence[Stage]) -> None:
        self._url = url
        self._keys = [
            key
            for stage in stages
            for key in (redis_keys.reactions(stage.stream_id), redis_keys.poll(stage.stream_id, stage.poll_id))
        ]
        self._known: dict[str, dict[str, int]] = {}
        self._ballots = {redis_keys.poll(each.stream_id, each.poll_id): each.ballots for each in stages}
        self._races: dict[str, Races] = defaultdict(Races)
        self._stepped: list[str] = []

    @property
    def stepped(self) -> list[str]:
        """The first numbers that went back, and not by votes that raced, for a person."""
        raced = [
            f"{key} {each} in Redis"
            for key, races in self._races.items()
            for each in races.unexplained(self._ballots[key])
        ]
        return self._stepped + raced

    async def run(self) -> None:
        """Look until cancelled."""
        async with connect(self._url, timeout_s=_TIMEOUT_S, decode_responses=True) as client:
            while True:
                try:
                    await self.look(client)
                except (RedisError, OSError):
                    self._known.clear()
                await asyncio.sleep(LOOK_S)

    async def look(self, client: "Redis") -> None:
        """Look once. Raises RedisError or OSError."""
        for shard in await shards(client):
            await self._look_at(shard)

    async def _look_at(self, shard: Shard) -> None:
        keys = [key for key in self._keys if shard.holds(key)]
        mark = shard.own_key(redis_keys.FILLED)
        # The mark comes last when Redis is filled, and goes with all else when it is emptied.
        async with shard.redis.pipeline(transaction=False) as pipeline:
            pipeline.exists(mark)
            for key in keys:
                pipeline.hgetall(key)
            pipeline.exists(mark)
            was_filled, *hashes, is_filled = await pipeline.execute()
        for key, fields in zip(keys, hashes, strict=True):
            if was_filled and is_filled:
                self._take(key, {name: int(value) for name, value in fields.items() if name not in _NOT_HELD})
            else:
                self._known.pop(key, None)

    def _take(self, key: str, numbers: dict[str, int]) -> None:
        known = self._known.get(key, {})
        raced = key in self._ballots and self._races[key].take(_options(known), _options(numbers))
        for name, before in known.items():
            now = numbers.get(name, 0)
            if now < before and not (raced and _is_option(name)) and len(self._stepped) < _EXAMPLES:
                self._stepped.append(f"{key} {name} from {before} to {now} in Redis")
        self._known[key] = numbers


def _options(numbers: Mapping[str, int]) -> dict[str, int]:
    return {name.removeprefix(PollField.OPTION): votes for name, votes in numbers.items() if _is_option(name)}


def _is_option(name: str) -> bool:
    return name.startswith(PollField.OPTION)
