"""How many watch, over gateways that share a real Redis; the test decides what time it is for them."""

import signal
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from gateway.control.table import ControlTable
from gateway.live.hub import StreamHub
from gateway.live.presence import Presence
from tests.gateway.live.paper import Paper
from tests.gateway.processes import Process
from tests.gateway.records import AT, stream


class Edge:
    """A gateway, as far as it counts viewers."""

    now = AT

    def __init__(self, redis_url: str, name: str) -> None:
        table = ControlTable(lambda: Edge.now)
        table.ready = True
        table.apply(stream())
        self.presence = Presence(redis_url, name, lambda: Edge.now)
        self.hub = StreamHub("cup", table, lambda: Edge.now, self.presence.changed)
        self.screens: list[Paper] = []

    def come(self, viewers: int) -> None:
        for _ in range(viewers):
            screen = Paper(self.hub)
            self.hub.join(screen)
            self.screens.append(screen)

    def go(self, viewers: int) -> None:
        for _ in range(viewers):
            self.screens.pop().lost()

    async def beat(self) -> int:
        """Exchange numbers, and return how many are shown to watch."""
        await self.presence.beat([self.hub])
        return self.hub.picture.watching


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(redis_keys.presence("cup"))
        yield redis


@pytest.fixture
async def edges(redis_url: str, redis: Redis) -> AsyncIterator[tuple[Edge, Edge]]:
    Edge.now = AT
    edges = Edge(redis_url, "one"), Edge(redis_url, "two")
    yield edges
    for edge in edges:
        edge.hub.close()
        await edge.presence.close()


async def numbers(redis: Redis) -> dict[bytes, bytes]:
    """Return what gateways have written."""
    found: dict[bytes, bytes] = await redis.hgetall(redis_keys.presence("cup"))  # type: ignore[misc]
    return found


async def test_every_gateway_shows_the_sum(edges: tuple[Edge, Edge], redis: Redis) -> None:
    one, two = edges
    one.come(3)
    two.come(2)
    await one.beat()
    assert [await two.beat(), await one.beat()] == [5, 5]
    assert await numbers(redis) == {b"one": b"3:%d" % AT, b"two": b"2:%d" % AT}
    assert 0 < await redis.ttl(redis_keys.presence("cup")) <= redis_keys.PRESENCE_TTL_S
    two.go(2)
    assert [await two.beat(), await one.beat()] == [3, 3]
    assert (await numbers(redis)).keys() == {b"one"}


async def test_who_dies_falls_out_and_is_forgotten(edges: tuple[Edge, Edge], redis: Redis) -> None:
    one, two = edges
    one.come(3)
    two.come(2)
    await two.beat()
    Edge.now = AT + 14_999
    assert await one.beat() == 5
    Edge.now = AT + 15_000
    assert await one.beat() == 3
    Edge.now = AT + 60_001
    await one.beat()
    assert (await numbers(redis)).keys() == {b"one"}


async def test_who_stops_takes_its_number_back(edges: tuple[Edge, Edge]) -> None:
    one, two = edges
    one.come(3)
    two.come(2)
    await two.beat()
    assert await one.beat() == 5
    await two.presence.close()
    assert await one.beat() == 3


async def test_viewers_are_shown_once_a_second_however_many_come(edges: tuple[Edge, Edge]) -> None:
    one, _ = edges
    one.come(1)
    first = one.hub.snapshot()
    assert one.hub.picture.watching == 1
    one.come(50)
    one.go(3)
    assert one.hub.snapshot() is first
    assert await one.beat() == 48
    assert one.hub.snapshot().etag != first.etag


async def test_without_redis_others_fade_out(edges: tuple[Edge, Edge], redis_server: Process) -> None:
    one, two = edges
    one.come(3)
    two.come(2)
    await two.beat()
    assert await one.beat() == 5
    redis_server.send(signal.SIGSTOP)
    try:
        one.come(1)
        assert await one.beat() == 6
        Edge.now = AT + 15_000
        assert await one.beat() == 4
    finally:
        redis_server.send(signal.SIGCONT)
    assert await one.beat() == 4
