"""A gateway that meets another one of its name says so, and one that comes back after a crash does not."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from redis.asyncio import Redis

from contracts.redis_keys import edge_name
from gateway import edge_name as module
from gateway import metrics
from gateway.edge_name import EdgeName
from tests.gateway.fake_outbox import until

NAMES = (f"edge-{number}" for number in count())
LOOK_S = 0.02


@pytest.fixture
async def redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Redis]:
    monkeypatch.setattr(module, "MARK_S", 1)
    async with Redis.from_url(redis_url) as client:
        yield client


def is_taken() -> bool:
    [metric] = metrics.NAME_TAKEN.collect()
    return bool(metric.samples[0].value)


async def test_a_twin_is_noticed_and_forgotten(redis: Redis) -> None:
    name = next(NAMES)
    first, second = (EdgeName(redis, name, life, look_every_s=LOOK_S) for life in ("a", "b"))
    first.start()
    while not await redis.exists(edge_name(name)):
        pass
    second.start()
    await until(lambda: second._is_taken)
    assert not first._is_taken
    await first.close()
    await until(lambda: not second._is_taken)
    assert not is_taken()
    await second.close()


async def test_the_mark_of_a_gateway_that_died_is_no_twin(redis: Redis) -> None:
    name = next(NAMES)
    await redis.set(edge_name(name), "the one before", ex=1)
    fresh = EdgeName(redis, name, "now", look_every_s=LOOK_S)
    fresh.start()
    while await redis.get(edge_name(name)) != b"now":
        assert not is_taken()
    await fresh.close()


class Counting(EdgeName):
    """Counts how often it looked."""

    looks = 0

    async def _holder(self) -> bytes:
        self.looks += 1
        return await super()._holder()


async def test_without_redis_it_goes_on_and_says_nothing() -> None:
    nowhere = Counting(Redis(port=9), next(NAMES), "a", look_every_s=LOOK_S)
    nowhere.start()
    await until(lambda: nowhere.looks > 2)
    assert not is_taken()
    await nowhere.close()
