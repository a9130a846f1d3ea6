"""Partitions that Kafka is given while all runs: the jobs find them, and what stood in them by then."""

import json
import time
from contextlib import closing
from secrets import token_hex

import redis
from kafka import KafkaProducer

from contracts import redis_keys, topics
from ovation.addresses import Addresses
from ovation.chaos.cluster import add_partitions
from ovation.kafka_admin import connected, partition_counts
from tests.end_to_end.poll_world import until

SOON_S = 15


def test_taps_in_a_new_partition_are_on_screens_soon(addresses: Addresses) -> None:
    stream = f"new-partition-{token_hex(4)}"
    with connected(addresses.kafka_bootstrap) as admin:
        [before] = partition_counts(admin, [topics.REACTIONS]).values()
        add_partitions(addresses.kafka_bootstrap)
        began = time.monotonic()
        [after] = partition_counts(admin, [topics.REACTIONS]).values()
    assert after > before
    record = {
        "v": 1,
        "stream_id": stream,
        "region": "local",
        "edge": "test",
        "at": int(time.time() * 1000),
        "counts": {"🔥": 1},
    }
    with closing(KafkaProducer(bootstrap_servers=addresses.kafka_bootstrap, acks="all")) as producer:
        for partition in range(before, after):
            producer.send(topics.REACTIONS.name, json.dumps(record).encode(), partition=partition).get(SOON_S)
    with redis.Redis.from_url(addresses.redis_url.get_secret_value()) as client:
        until(lambda: client.hget(redis_keys.reactions(stream), "🔥"), str(after - before).encode(), SOON_S)
    took_s = time.monotonic() - began
    print(f"{after - before} partitions were made, and {took_s:.1f} s later what stood in them was counted")
