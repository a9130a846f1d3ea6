"""What else of a gateway speaks to Redis, on three real masters of which one may be away."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts import redis_keys
from gateway.clock import now_ms
from gateway.control.poll_status import PollStatuses
from gateway.control.table import ControlTable
from gateway.control.vote_lock import VoteLock
from gateway.edge_name import EdgeName
from gateway.idempotency.store import Store, Unreachable
from gateway.live.hub import StreamHub
from gateway.live.presence import Presence
from gateway.live.redis_state import RedisState
from tests.gateway.live.paper import Paper
from tests.gateway.records import poll, stream
from tests.redis_cluster import Cluster


@contextmanager
def first_away(cluster: Cluster) -> Iterator[None]:
    away = cluster.addresses[0]
    cluster.kill(away)
    try:
        yield
    finally:
        cluster.start(away)


async def test_statuses_and_locks_of_polls_on_every_master(cluster: Cluster, redis: Redis) -> None:
    table = ControlTable(now_ms)
    table.ready = True
    statuses, lock = PollStatuses(redis), VoteLock(redis, table, now_ms, 1_000)
    polls = [poll(stream_id=cluster.name_on(address, "polls")) for address in cluster.addresses]
    assert await statuses.read(polls) == [None] * 3
    for each in polls:
        await statuses.write(each)
        await lock.register(each)
        assert lock.knows(each)
        assert await redis.hexists(redis_keys.poll_lock(each.stream_id, each.poll_id), "voted")  # type: ignore[misc]
    assert await statuses.read(polls) == [each.status for each in polls]
    cluster.at(cluster.addresses[0]).flushall()
    await lock.restore()
    assert await redis.hexists(redis_keys.poll_lock(polls[0].stream_id, polls[0].poll_id), "voted")  # type: ignore[misc]


async def test_viewers_are_counted_on_the_masters_that_are_there(cluster: Cluster) -> None:
    names = [cluster.name_on(address, "watched") for address in cluster.addresses]
    table = ControlTable(now_ms)
    table.ready = True
    for name in names:
        table.apply(stream(stream_id=name))
    presences = [Presence(cluster.url, edge, now_ms) for edge in ("one", "two")]
    hubs = [[StreamHub(name, table, now_ms, presence.changed) for name in names] for presence in presences]
    for hub in hubs[0]:
        hub.join(Paper(hub))
    for presence, its in zip(presences, hubs, strict=True):
        await presence.beat(its)
    assert [hub.picture.watching for hub in hubs[1]] == [1, 1, 1]
    for hub in hubs[0]:
        hub.join(Paper(hub))
    with first_away(cluster):
        for presence, its in zip(presences, hubs, strict=True):
            await presence.beat(its)
        assert [hub.picture.watching for hub in hubs[1]] == [1, 2, 2]
    for presence, its in zip(presences, hubs, strict=True):
        for hub in its:
            hub.close()
        await presence.close()


async def test_a_key_for_which_the_master_is_away_leaves_those_of_others_usable(cluster: Cluster) -> None:
    store = Store(cluster.url)
    names = [
        next(name for n in range(99) if cluster.owner(redis_keys.idempotency(name := f"n-{n}")) == address)
        for address in cluster.addresses
    ]
    for name in names:
        assert await store.claim(name, b"sealed", 60_000) is None
    with first_away(cluster):
        for _ in range(2):
            with pytest.raises(Unreachable):
                await store.claim(names[0], b"other", 60_000)
            for name in names[1:]:
                found = await store.claim(name, b"other", 60_000)
                assert found is not None
                assert found.sealed == b"sealed"
    assert await store.replace(names[1], b"sealed", b"answer")
    await store.close()


async def test_a_picture_is_read_from_the_master_that_has_it(cluster: Cluster, redis: Redis) -> None:
    state = RedisState(cluster.url)
    names = [cluster.name_on(address, "read") for address in cluster.addresses]
    for name in names:
        await redis.hset(redis_keys.reactions(name), "🔥", "3")  # type: ignore[misc]
    with first_away(cluster):
        for name in names[1:]:
            assert (await state.read(name, ["p"], now_ms())).totals == {"🔥": 3}
        with pytest.raises(RedisError):
            await state.read(names[0], ["p"], now_ms())
    await state.close()


async def test_a_recount_has_one_gateway_and_a_name_one_holder(cluster: Cluster, redis: Redis) -> None:
    locks = [
        redis.lock(redis_keys.poll_recount("cup", "p"), timeout=5, blocking=False, thread_local=False) for _ in range(2)
    ]
    assert [await lock.acquire(token=f"gw-{number}") for number, lock in enumerate(locks)] == [True, False]
    await locks[0].reacquire()
    await locks[0].release()
    name = EdgeName(redis, "gw", "life-1", look_every_s=0.01)
    name.start()
    async with asyncio.timeout(5):
        while await redis.get(redis_keys.edge_name("gw")) != b"life-1":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await name.close()
