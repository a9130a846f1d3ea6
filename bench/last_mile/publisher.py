"""Taps that reach Redis at a steady rate, by the script with which the job writes and publishes them."""

import asyncio
import time
from collections.abc import Sequence
from typing import Self

from redis.asyncio import Redis

from bench.last_mile.lean_sockets import FIRST_EMOJI
from contracts.picture import script
from contracts.picture.reactions import SCRIPT, StreamCounts, script_call

THIRTY_EMOJIS = (FIRST_EMOJI, *(chr(0x1F600 + each) for each in range(29)))
"""As many as a stream may have."""

JOB_PER_S = 50.0
"""How often the job publishes a stream that is tapped all the time."""


class Publisher:
    """Publishes one stream's counts. The first emoji's count is the number of the publication."""

    def __init__(self, redis: Redis, sha: str, stream_id: str, emojis: Sequence[str]) -> None:
        self._redis = redis
        self._sha = sha
        self._stream_id = stream_id
        self._emojis = emojis
        self._number = 0

    @classmethod
    async def of(cls, redis_url: str, stream_id: str, emojis: Sequence[str] = THIRTY_EMOJIS) -> Self:
        """Return one that has published once, so that every snapshot holds a number."""
        redis: Redis = Redis.from_url(redis_url)
        publisher = cls(redis, await redis.script_load(script(SCRIPT)), stream_id, emojis)
        await publisher._publish()
        return publisher

    async def run(self, per_s: float, seconds: float) -> dict[int, float]:
        """Publish for so long, and return when each publication was sent, by its number (`time.monotonic`)."""
        sent: dict[int, float] = {}
        began = time.monotonic()
        for turn in range(round(per_s * seconds)):
            await asyncio.sleep(max(0.0, began + turn / per_s - time.monotonic()))
            at = time.monotonic()
            await self._publish()
            sent[self._number] = at
        return sent

    async def close(self) -> None:
        await self._redis.aclose()

    async def _publish(self) -> None:
        self._number += 1
        now_ms = time.time_ns() // 1_000_000
        start = now_ms // 1_000 * 1_000
        totals = {emoji: self._number + 1_000 * place for place, emoji in enumerate(self._emojis)}
        counts = StreamCounts(newest=start, totals=totals, windows={start: totals})
        keys, arguments = script_call(self._stream_id, counts, now_ms)
        await self._redis.execute_command("EVALSHA", self._sha, len(keys), *keys, *arguments)  # type: ignore[no-untyped-call]
