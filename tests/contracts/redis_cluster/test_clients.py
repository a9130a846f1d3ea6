"""Both clients against three real masters."""

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest
from redis.asyncio import Redis as AsyncRedis
from redis.exceptions import ConnectionError as NoConnectionError
from redis.exceptions import RedisError, TryAgainError

from contracts.redis_cluster import aio, sync
from contracts.redis_cluster.sync_cluster import ClusterRedis
from tests.gateway.processes import until
from tests.redis_cluster import Cluster

KEYS = [f"key-{number}" for number in range(30)]


@pytest.fixture
def client(cluster: Cluster) -> Iterator[ClusterRedis]:
    with sync.connect(cluster.url, timeout_s=1) as client:
        assert isinstance(client, ClusterRedis)
        yield client


@pytest.fixture
async def aclient(cluster: Cluster) -> AsyncIterator[AsyncRedis]:
    async with aio.connect(cluster.url, timeout_s=1) as client:
        yield client


def test_a_pipeline_asks_every_master_once(cluster: Cluster, client: ClusterRedis) -> None:
    assert {cluster.owner(key) for key in KEYS} == set(cluster.addresses)
    client.time()
    before = [_calls(cluster, address) for address in cluster.addresses]
    for answer in range(2):
        with client.pipeline(transaction=False) as pipeline:
            for number, key in enumerate(KEYS):
                pipeline.set(key, number) if not answer else pipeline.get(key)
            answers = pipeline.execute()
    assert answers == [str(number).encode() for number in range(len(KEYS))]
    after = [_calls(cluster, address) for address in cluster.addresses]
    assert all(2 <= now - then <= 6 for now, then in zip(after, before, strict=True)), (before, after)


def _calls(cluster: Cluster, address: tuple[str, int]) -> int:
    """Return how often a master has read from its sockets, but for what it hears of the others."""
    return int(cluster.at(address).info("stats")["total_reads_processed"])


async def test_pipelines_and_scripts_of_the_event_loop(cluster: Cluster, aclient: AsyncRedis) -> None:
    write = aclient.register_script("return redis.call('SET', KEYS[1], ARGV[1])")
    for key in KEYS:
        assert await write(keys=[key], args=[key]) == b"OK"
    async with aclient.pipeline(transaction=False) as pipeline:
        for key in KEYS:
            pipeline.get(key)
        assert await pipeline.execute() == [key.encode() for key in KEYS]


async def test_a_moved_slot_is_followed_at_once(cluster: Cluster, client: ClusterRedis, aclient: AsyncRedis) -> None:
    client.set("{moving}:a", "1")
    assert await aclient.get("{moving}:a") == b"1"
    before = cluster.owner("{moving}")
    assert await asyncio.to_thread(cluster.move_slot, "{moving}") != before
    assert client.get("{moving}:a") == b"1"
    assert await aclient.get("{moving}:a") == b"1"
    with client.pipeline(transaction=False) as pipeline:
        pipeline.get("{moving}:a")
        assert pipeline.execute() == [b"1"]


async def test_while_a_slot_moves_one_key_is_asked_for_where_it_is_and_two_are_told_to_try_again(
    cluster: Cluster, client: ClusterRedis, aclient: AsyncRedis
) -> None:
    key = "{asked}:a"
    with cluster.moving_slot(key):
        assert client.set(key, "1")
        assert client.get(key) == await aclient.get(key) == b"1"
        with pytest.raises(TryAgainError):
            client.eval("return 1", 2, key, "{asked}:b")
        with pytest.raises(TryAgainError):
            await aclient.eval("return 1", 2, key, "{asked}:b")  # type: ignore[misc]


async def test_a_master_that_hangs_holds_up_nobody_else(cluster: Cluster, aclient: AsyncRedis) -> None:
    await aclient.get("key-0")
    away, *others = cluster.addresses
    mine = {address: [key for key in KEYS if cluster.owner(key) == address] for address in cluster.addresses}
    cluster.send(away, signal.SIGSTOP)
    try:
        waiting = [asyncio.ensure_future(aclient.get(key)) for key in mine[away]]
        await asyncio.sleep(0.1)
        began = time.monotonic()
        for _ in range(20):
            for address in others:
                await aclient.set(mine[address][0], "1")
        assert time.monotonic() - began < 0.8
        for task in waiting:
            with pytest.raises(RedisError):
                await task
        await aclient.set(mine[others[0]][0], "2")
    finally:
        cluster.send(away, signal.SIGCONT)
    assert await aclient.set(mine[away][0], "3")


def test_it_comes_back_though_all_were_away_at_once(cluster: Cluster, client: ClusterRedis) -> None:
    client.set("key-1", "1")
    for address in cluster.addresses:
        cluster.kill(address)
    with pytest.raises(RedisError):
        client.get("key-1")
    starting = [threading.Thread(target=cluster.start, args=[address]) for address in cluster.addresses]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()

    def is_back() -> bool:
        # Masters that were all away may call each other lost for a moment longer.
        with suppress(RedisError):
            return client.get("key-1") == b"1"
        return False

    until(is_back, 10, "the client finds the masters again")


def test_one_redis_is_no_cluster(cluster: Cluster) -> None:
    with (
        sync.connect("redis+cluster://127.0.0.1:1", timeout_s=1) as client,
        pytest.raises(NoConnectionError, match="no node of the cluster says where slots are"),
    ):
        client.get("key")


async def test_one_named_node_that_answers_is_enough(cluster: Cluster) -> None:
    url = cluster.url.replace("://", "://127.0.0.1:1,")
    with sync.connect(url, timeout_s=1) as client:
        assert client.set("named", "1")
    async with aio.connect(url, timeout_s=1) as named:
        assert await named.get("named") == b"1"
