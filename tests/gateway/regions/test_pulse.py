import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from contracts import redis_keys
from gateway import metrics
from gateway.control.model import Pulse
from gateway.regions.pulse import Pulses
from tests.gateway.control.the_log import Log
from tests.gateway.records import AT

EVERY_S = 0.02


class Region:
    """A region's gateway, whose clock goes wrong by `ahead_ms`."""

    def __init__(self, log: Log, redis: Redis, name: str, other: str, ahead_ms: int = 0) -> None:
        self.time_ms = 0.0
        loop = asyncio.get_running_loop()
        began = loop.time()

        def clock() -> int:
            return AT + ahead_ms + round((loop.time() - began) * 1000 + self.time_ms)

        table, _ = log.gateway(f"gw-{name}", clock=clock, region=name, other_regions=(other,))
        self.pulses = Pulses(
            log, redis, table, clock, region=name, edge=f"gw-{name}", others=(other,), every_s=EVERY_S, silent_s=0.5
        )


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    redis = Redis.from_url(redis_url)
    await redis.delete(redis_keys.PULSE)
    yield redis
    await redis.aclose()


async def until(holds: Callable[[], bool], what: str) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert holds(), what


def clock_of(region: str) -> float:
    return float(metrics.REGION_CLOCK.labels(region)._value.get())


async def test_clocks_that_differ_are_measured_and_told(redis: Redis) -> None:
    log = Log()
    eu, us = Region(log, redis, "eu", "us"), Region(log, redis, "us", "eu", ahead_ms=3_000)
    with capture_logs() as told:
        for each in (eu, us):
            each.pulses.start()
        try:
            await until(lambda: clock_of("us") > 2.9 and clock_of("eu") < -2.9, "both know")
        finally:
            for each in (eu, us):
                await each.pulses.close()
    assert clock_of("us") == pytest.approx(3, abs=0.1)
    assert {line["region"] for line in told if "clock of another region" in line["event"]} == {"eu", "us"}


async def test_a_region_of_which_nothing_is_heard_is_told_once_and_its_return_too(redis: Redis) -> None:
    log = Log()
    eu = Region(log, redis, "eu", "us")
    with capture_logs() as told:
        eu.pulses.start()
        try:
            await until(lambda: eu.pulses.silent() == ["us"], "a region that was never there is missed")
            await until(lambda: any("nothing is heard" in line["event"] for line in told), "it is told")
            us = Region(log, redis, "us", "eu")
            us.pulses.start()
            await until(lambda: eu.pulses.silent() == [], "it is heard of")
            await until(lambda: any("heard of again" in line["event"] for line in told), "it is told")
            await us.pulses.close()
            await until(lambda: eu.pulses.silent() == ["us"], "it is missed again")
        finally:
            await eu.pulses.close()
    assert [line["event"].partition(":")[0] for line in told if "heard of" in line["event"]][:2] == [
        "nothing is heard of another region",
        "another region is heard of again",
    ]


async def test_one_gateway_of_a_region_speaks_for_all(redis: Redis) -> None:
    log = Log()
    gateways = [Region(log, redis, "eu", "us") for _ in range(5)]
    for each in gateways:
        each.pulses.start()
    began = asyncio.get_running_loop().time()
    await until(lambda: len(log.records) > 10, "pulses are written")
    seconds = asyncio.get_running_loop().time() - began
    for each in gateways:
        await each.pulses.close()
    assert all(isinstance(record, Pulse) for record in log.records)
    assert len(log.records) <= seconds / (EVERY_S * 0.8) + 2
