"""Another region, as a mirror brings it: a log of its own in this region's Kafka, and nothing more."""

import time
from contextlib import closing

import msgspec
from kafka import KafkaProducer

from contracts import regions, topics
from ovation.addresses import Addresses
from ovation.topics import create_topics
from tests.jobs.votes import batches, vote

NAME = "us"
REGIONS = "local=http://127.0.0.1:8080,us=http://127.0.0.1:8081"
"""The setting with which it is read."""
EMOJI, TAPS = "🔥", 3


def write(addresses: Addresses, stream_id: str, voter: int) -> None:
    """Write `TAPS` taps and a vote, of this moment."""
    create_topics(addresses.kafka_bootstrap, others=[NAME])
    at = time.time_ns() // 1_000_000
    tap = {"v": 1, "stream_id": stream_id, "region": NAME, "edge": "gw-1", "at": at, "counts": {EMOJI: TAPS}}
    [votes] = batches([vote(voter, 1, 1, stream_id=stream_id, at=at)])
    with closing(KafkaProducer(bootstrap_servers=addresses.kafka_bootstrap, acks="all")) as producer:
        for topic, record in ((topics.REACTIONS, tap), (topics.VOTES, votes)):
            producer.send(regions.mirrored(topic, NAME).name, msgspec.json.encode(record))
        producer.flush()
