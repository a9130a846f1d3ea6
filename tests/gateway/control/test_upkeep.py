"""Against a real Redis that is emptied, or away for a while."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from gateway.clock import now_ms
from gateway.control import upkeep
from gateway.control.model import Poll
from gateway.control.poll_status import PollStatuses
from gateway.control.table import ControlTable
from gateway.control.upkeep import RedisUpkeep
from gateway.control.vote_lock import VoteLock
from tests.gateway.records import poll


class Gateway:
    """The parts that keep Redis, for a gateway that says itself whether Redis is there."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.up = True
        self.table = ControlTable(now_ms)
        self.table.ready = True
        self.statuses = PollStatuses(redis)
        self.lock = VoteLock(redis, self.table, now_ms, 1_000)
        self.upkeep = RedisUpkeep(
            self.statuses, self.lock, self.table, now_ms, edge="gw-1", redis_is_up=lambda: self.up
        )

    async def shows(self, status: str | None, of: Poll, seconds: float = 5) -> None:
        """Wait until Redis holds this status."""
        async with asyncio.timeout(seconds):
            while (await self.statuses.read([of])) != [status]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
async def gateway(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    monkeypatch.setattr(upkeep, "_LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(upkeep, "_TICK_S", 0.02)
    async with Redis.from_url(redis_url) as redis:
        made = Gateway(redis)
        made.upkeep.start()
        yield made
        await made.upkeep.close()


async def locked(redis: Redis, of: Poll) -> bool:
    async with redis.pipeline() as pipeline:
        pipeline.hexists(redis_keys.poll_lock(of.stream_id, of.poll_id), "voted")
        (found,) = await pipeline.execute()
    return bool(found)


def recent(stream_id: str = "", **fields: Any) -> Poll:
    return poll(stream_id=stream_id or uuid4().hex, at=now_ms(), **fields)


async def test_what_this_gateway_changed_is_written_at_once(gateway: Gateway) -> None:
    stream_id = uuid4().hex
    for revision, status in ((1, "open"), (2, "paused"), (3, "closed")):
        changed = recent(stream_id, revision=revision, status=status)
        gateway.table.apply(changed)
        await gateway.shows(status, changed)
    assert 0 < await gateway.redis.ttl(redis_keys.poll(stream_id, "best")) <= redis_keys.STREAM_TTL_S


async def test_a_slower_gateway_does_not_take_it_back(gateway: Gateway) -> None:
    closed = recent(revision=3, status="closed")
    await gateway.statuses.write(closed)
    await gateway.statuses.write(recent(closed.stream_id, revision=2, status="open"))
    assert await gateway.statuses.read([closed]) == ["closed"]


async def test_drafts_and_what_has_expired_are_not_written(gateway: Gateway) -> None:
    draft = recent(status="draft")
    # Of another gateway: what this one has just changed is never old.
    old = poll(stream_id=uuid4().hex, at=now_ms() - redis_keys.STREAM_TTL_S * 1000, edge="gw-2")
    shown = recent(edge="gw-2")
    for record in (draft, old, shown):
        gateway.table.apply(record)
    await gateway.shows("open", shown)
    assert await gateway.statuses.read([draft, old]) == [None, None]


async def test_an_emptied_redis_is_filled_again_with_all_polls_and_locks(gateway: Gateway) -> None:
    # More than are looked at, and none of them new.
    polls = [poll(stream_id=uuid4().hex, at=now_ms() - 3_600_000, edge="gw-2") for _ in range(1_000)]
    for record in polls:
        gateway.table.apply(record)
    await gateway.lock.register(polls[7])
    for _ in range(2):
        async with asyncio.timeout(10):
            while set(await gateway.statuses.read(polls)) != {"open"} or not await locked(gateway.redis, polls[7]):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)  # Nothing is being written any more.
        await gateway.redis.flushall()


async def test_a_status_that_was_missed_while_redis_was_away_is_written_on_its_return(gateway: Gateway) -> None:
    stays = recent(edge="gw-2", status="paused")
    gateway.table.apply(stays)
    await gateway.shows("paused", stays)
    gateway.up = False
    await asyncio.sleep(0.1)
    closed = recent(stays.stream_id, revision=2, status="closed", edge="gw-1")
    gateway.table.apply(closed)
    await asyncio.sleep(0.1)
    assert await gateway.statuses.read([closed]) == ["paused"]
    gateway.up = True
    await gateway.shows("closed", closed)


async def test_what_a_dead_gateway_did_not_write_another_one_does(gateway: Gateway) -> None:
    opened = recent(edge="gw-2")
    await gateway.statuses.write(opened)
    gateway.table.apply(recent(opened.stream_id, edge="gw-2", revision=2, status="closed"))
    await gateway.shows("closed", opened)
