"""One master of three comes back empty: it is filled, and no other."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts import redis_keys
from contracts.redis_cluster.aio import shards
from contracts.redis_cluster.urls import Address
from gateway.history.client import History
from tests.gateway.history.engine import clickhouse
from tests.gateway.refill.test_refill import Setup
from tests.redis_cluster import Cluster
from tests.sql.server import Server

pytestmark = pytest.mark.engine
__all__ = ["clickhouse"]


@pytest.fixture
async def setup(redis: Redis, clickhouse: Server) -> AsyncIterator[Setup]:
    client = clickhouse.client()
    setup = Setup(redis, History(clickhouse.url, "default", "", timeout_s=20), client)
    yield setup
    client.close()
    await setup.history.close()


@pytest.fixture
async def streams(cluster: Cluster, setup: Setup) -> dict[Address, str]:
    """Return a stream of each master, of which Redis has the counts. No time passes, so nothing is filled twice."""
    for address in cluster.addresses:
        cluster.at(address).flushall()
    streams = {address: cluster.name_on(address, "filled") for address in cluster.addresses}
    for stream_id in streams.values():
        setup.open(stream_id)
        setup.tap(stream_id, 0, "🔥", 7)
    await setup.refill.look()
    assert [await setup.totals(each) for each in streams.values()] == [{"🔥": 7}] * 3
    return streams


async def spoil(setup: Setup, streams: dict[Address, str]) -> None:
    """Take from every stream what shows whether it was filled again."""
    for stream_id in streams.values():
        deleting: Any = setup.redis.delete(redis_keys.reactions(stream_id))
        await deleting


async def test_the_emptied_master_alone_is_filled(cluster: Cluster, setup: Setup, streams: dict[Address, str]) -> None:
    emptied = cluster.addresses[1]
    await setup.refill.look()
    await spoil(setup, streams)
    await asyncio.to_thread(cluster.kill, emptied)
    with pytest.raises(RedisError):
        await setup.refill.look()
    await asyncio.to_thread(cluster.start, emptied, empty=True)
    await setup.refill.look()
    found = {address: await setup.totals(stream_id) for address, stream_id in streams.items()}
    assert found == {address: {"🔥": 7} if address == emptied else {} for address in streams}


async def test_a_master_that_is_away_keeps_no_other_empty(
    cluster: Cluster, setup: Setup, streams: dict[Address, str]
) -> None:
    away, emptied, _ = cluster.addresses
    await asyncio.to_thread(cluster.kill, away)
    cluster.at(emptied).flushall()
    with pytest.raises(RedisError):
        await setup.refill.look()
    assert await setup.totals(streams[emptied]) == {"🔥": 7}
    await asyncio.to_thread(cluster.start, away, empty=True)
    await setup.refill.look()
    assert await setup.totals(streams[away]) == {"🔥": 7}


async def test_a_mark_that_moves_with_its_slot_hides_no_emptied_master(
    cluster: Cluster, setup: Setup, streams: dict[Address, str]
) -> None:
    marks = {address: await _mark(setup, address) for address in cluster.addresses}
    first = cluster.addresses[0]
    target = await asyncio.to_thread(cluster.move_slot, marks[first])
    await setup.refill.look()
    for emptied in (first, target):
        cluster.at(emptied).flushall()
        await setup.refill.look()
        its = [each for each in streams.values() if cluster.owner(redis_keys.reactions(each)) == emptied]
        assert [await setup.totals(each) for each in its] == [{"🔥": 7}] * len(its)


async def _mark(setup: Setup, address: Address) -> str:
    return next(each.own_key(redis_keys.FILLED) for each in await shards(setup.redis) if each.address == address)
