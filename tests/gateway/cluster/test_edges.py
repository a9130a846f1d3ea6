"""Gateways ask each other over sharded pub/sub: a channel of each gateway, on whichever master it lies."""

import asyncio

from redis.asyncio import Redis

from gateway.resend.wire import Wire
from tests.redis_cluster import Cluster


async def test_each_hears_what_is_sent_to_it_and_who_is_not_there_is_known_to_be_away(
    cluster: Cluster, redis: Redis
) -> None:
    heard: list[tuple[int, bytes]] = []
    wires = [
        Wire(redis, cluster.url, f"gateway.{number}", lambda raw, number=number: heard.append((number, raw)))  # type: ignore[misc]
        for number in range(6)
    ]
    for wire in wires:
        wire.start()
    async with asyncio.timeout(10):
        for wire in wires:
            await wire.listening.wait()
        for number in range(6):
            assert await wires[0].send(f"gateway.{number}", b"hello %d" % number)
        assert not await wires[0].send("gateway.gone", b"hello")
        while len(heard) < 6:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert sorted(heard) == [(number, b"hello %d" % number) for number in range(6)]
    for wire in wires:
        await wire.close()


async def test_who_moves_listens_again(cluster: Cluster, redis: Redis) -> None:
    wire = Wire(redis, cluster.url, "gateway.moving", lambda _: None)
    wire.start()
    async with asyncio.timeout(10):
        await wire.listening.wait()
        await asyncio.to_thread(cluster.move_slot, "ovation:edge:gateway.moving")
        while not await wire.send("gateway.moving", b"hello"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        await wire.listening.wait()
    await wire.close()
