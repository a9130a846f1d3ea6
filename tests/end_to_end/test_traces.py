"""A window that is traced is one trace, from its first tap to Redis."""

import asyncio
import time
from itertools import count

from contracts.traces import ONE_IN, is_traced, trace_id
from ovation.addresses import Addresses
from ovation.client.gateway import GatewayClient
from tests.collector import Collector

AHEAD_MS = 3_000
"""What it takes to open a stream."""
DEADLINE_S = 60


async def test_gateway_and_job_tell_of_the_same_window(addresses: Addresses, collector: Collector) -> None:
    start = (time.time_ns() // 1_000_000 + AHEAD_MS) // 1_000 * 1_000
    stream_id = next(name for name in map("traced-{}".format, count(start)) if is_traced(name, start, ONE_IN))
    async with GatewayClient(addresses.gateway_url, addresses.api_key.get_secret_value()) as client:
        await client.open_stream("Traced", ["🔥"], stream_id)
        token = await client.token(stream_id, "viewer-1")
        await asyncio.sleep(start / 1000 + 0.3 - time.time())
        assert (await client.react(stream_id, token, {"🔥": 3})).window == start
        async with asyncio.timeout(DEADLINE_S):
            while len(spans := collector.of(trace_id(stream_id, start))) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    into_kafka, into_redis = sorted(spans, key=lambda span: span.began)
    assert (into_kafka.service, into_kafka.name) == ("ovation-gateway", "taps into Kafka")
    assert (into_redis.service, into_redis.name) == ("ovation-reaction-window", "into Redis")
    assert start * 10**6 <= into_kafka.began <= into_kafka.ended
    assert into_kafka.began < into_redis.began <= into_redis.ended
    assert into_kafka.attributes["taps"] == into_redis.attributes["taps"] == 3
