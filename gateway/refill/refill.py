"""The task that notices a Redis that lacks something, and fills it.

A mark in Redis says which of its processes was filled. Where the mark is missing Redis was emptied; where it names
another process, Redis was restarted, or a replica has taken over, and either may lack what was written last. All counts
are then written again from the history, live streams first; again a little later, because the history is a second or
two behind; and where it is further behind, as after a crash of its own, once more when it has caught up. The mark says
how far that has got, so that any gateway goes on with it. Both scripts only move forward, so several may do it at once,
and the jobs meanwhile.

In a cluster every master has a mark of its own, and gets its own streams. A mark that moves with its slot costs a
filling in vain, and no more.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts import redis_keys
from contracts.picture import Call, reactions, script, tally
from contracts.redis_cluster import aio
from contracts.redis_cluster.aio import Shard
from contracts.redis_cluster.aio_cluster import ClusterRedis
from contracts.redis_cluster.urls import Address
from contracts.redis_keys import FILLED, FILLING, STREAM_TTL_S
from gateway import metrics
from gateway.clock import Clock
from gateway.control.table import ControlTable
from gateway.history.client import History
from gateway.refill.counts import reaction_calls, tally_calls
from gateway.refill.mark import Mark
from gateway.refusal import Refused
from gateway.tasks import end

log = structlog.get_logger(__name__)

_LOOK_EVERY_S = 1.0
_CLAIM_MS = 10_000
"""For so long one gateway fills, and the others wait whether it does."""
_RESTARTS_S = 60.0
"""Another process is noticed once in such a time: behind an address that leads to several, it is another each time."""
_AT_ONCE = 50
"""Streams of one question to ClickHouse."""


class Refill:
    """A task of its own. Without Redis or ClickHouse it tries again; nobody waits for it."""

    def __init__(
        self,
        redis: Redis,
        history: History,
        table: ControlTable,
        clock: Clock,
        *,
        redis_answers: Callable[[], bool],
        history_lag_s: Callable[[], float | None],
    ) -> None:
        """`history_lag_s` is how far the history is behind, None where nobody knows (`HistoryLag.slowest`)."""
        self._redis = redis
        self._history = history
        self._table = table
        self._clock = clock
        self._redis_answers = redis_answers
        self._history_lag_s = history_lag_s
        sharded = isinstance(redis, ClusterRedis)
        self._write_reactions = redis.register_script(script(reactions.SCRIPT, sharded=sharded))
        self._write_tally = redis.register_script(script(tally.SCRIPT, sharded=sharded))
        self._notices_from: dict[Address | None, float] = {}
        """By master, from when on another process is noticed."""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="refill")

    async def close(self) -> None:
        await end(self._task)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if self._redis_answers() and self._table.ready:
                try:
                    await self.look()
                except (Refused, RedisError, OSError, TimeoutError) as error:
                    log.warning(
                        "redis may lack something, and cannot be filled yet", reason=str(error) or type(error).__name__
                    )

    async def look(self) -> None:
        """Fill each master that is empty or another, or was until now. Raises Refused, RedisError or OSError."""
        failed: Exception | None = None
        for shard in await aio.shards(self._redis):
            try:
                await self._look_at(shard)
            except (Refused, RedisError, OSError, TimeoutError) as error:
                failed = error
        if failed is not None:
            raise failed

    async def _look_at(self, shard: Shard) -> None:
        process = str((await shard.redis.info("server"))["run_id"])
        key = shard.own_key(FILLED)
        mark = Mark.read(await shard.redis.get(key))
        if mark is None or (mark.process != process and self._notices(shard)):
            await self._fill_and_mark(shard, key, Mark(process, self._clock()))
        elif mark.process == process and mark.is_due(self._clock(), self._history_lag_s()) and await _claims(shard):
            await self._fill_and_mark(shard, key, mark)

    def _notices(self, shard: Shard) -> bool:
        return asyncio.get_running_loop().time() >= self._notices_from.get(shard.address, 0.0)

    async def _fill_and_mark(self, shard: Shard, key: str, mark: Mark) -> None:
        began_ms, lag_s = self._clock(), self._history_lag_s()
        await self._fill(shard)
        await shard.redis.set(key, mark.after_filling(began_ms, lag_s).text())
        if mark.passes == 0:
            self._notices_from[shard.address] = asyncio.get_running_loop().time() + _RESTARTS_S
        await shard.redis.delete(shard.own_key(FILLING))

    async def _fill(self, shard: Shard) -> None:
        streams = 0
        for stream_ids in self._batches(shard):
            now_ms = self._clock()
            await self._write(self._write_reactions, await reaction_calls(self._history, stream_ids, now_ms))
            await self._write(self._write_tally, await tally_calls(self._history, self._table, stream_ids, now_ms))
            streams += len(stream_ids)
        metrics.REFILLS.inc()
        log.info("filled redis from the history", streams=streams)

    async def _write(self, write: Any, calls: list[Call]) -> None:
        for keys, arguments in calls:
            await write(keys=list(keys), args=list(arguments))

    def _batches(self, shard: Shard) -> Iterator[list[str]]:
        """Go through the streams that a master would still hold: live ones first, and of the others the newest."""
        oldest_ms = self._clock() - STREAM_TTL_S * 1000
        known = [
            each
            for each in self._table.all_streams()
            if max(each.at, each.created_at) > oldest_ms and shard.holds(redis_keys.reactions(each.stream_id))
        ]
        known.sort(key=lambda each: (each.status == "live", each.at), reverse=True)
        for start in range(0, len(known), _AT_ONCE):
            yield [each.stream_id for each in known[start : start + _AT_ONCE]]


async def _claims(shard: Shard) -> bool:
    return bool(await shard.redis.set(shard.own_key(FILLING), "1", nx=True, px=_CLAIM_MS))
