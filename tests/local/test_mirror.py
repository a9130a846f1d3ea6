"""The mirror between two brokers, killed while it copies."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from contracts import regions, topics
from local import kafka, mirror
from local.regions import names, settings_of, share_secrets
from local.running import running
from local.settings import StackSettings
from ovation.topics import create_topics

RECORDS = 3_000
KILLED_AFTER = 1_000


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[StackSettings]]:
    """The settings of two regions whose brokers run, with their topics."""
    found = [
        each.model_copy(update={"kafka_heap_mb": 192})
        for each in settings_of(["eu", "us"], tmp_path, ephemeral_ports=True)
    ]
    share_secrets(found)
    eu, us = found
    with running(kafka.part(eu), eu), running(kafka.part(us), us):
        for each in found:
            create_topics(each.kafka_bootstrap, others=tuple(each.neighbours))
        yield found


def test_each_record_is_copied_once_and_in_its_order_though_the_mirror_is_killed(two: list[StackSettings]) -> None:
    eu, us = two
    there = [TopicPartition(regions.mirrored(topics.VOTES, "us").name, number) for number in range(4)]
    producer = KafkaProducer(bootstrap_servers=us.kafka_bootstrap, acks="all")
    consumer = KafkaConsumer(
        bootstrap_servers=eu.kafka_bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    consumer.assign(there)
    found: dict[int, list[int]] = {number: [] for number in range(4)}
    sent = 0

    def send(count: int) -> None:
        nonlocal sent
        for number in range(sent, sent + count):
            producer.send(topics.VOTES.name, str(number).encode(), partition=number % 4)
        producer.flush()
        sent += count

    def read(least: int, within_s: float = 90.0) -> None:
        deadline = time.monotonic() + within_s
        while sum(map(len, found.values())) < least:
            assert time.monotonic() < deadline, f"{sum(map(len, found.values()))} of {least} records came"
            for partition, records in consumer.poll(timeout_ms=200).items():
                found[partition.partition] += [int(record.value) for record in records]

    try:
        with running(mirror.part(eu), eu) as process:
            send(KILLED_AFTER)
            read(1)
            send(KILLED_AFTER)
            process.kill()
            process.wait()
        # What it had copied by then is copied by its successor only where no transaction holds it.
        with running(mirror.part(eu), eu):
            send(RECORDS - sent)
            read(RECORDS)
            send(4)
            read(RECORDS + 4)
    finally:
        producer.close()
        consumer.close()

    assert found == {number: list(range(number, RECORDS + 4, 4)) for number in range(4)}


def test_a_mirror_starts_while_the_other_region_is_away_and_copies_once_it_is_back(tmp_path: Path) -> None:
    eu, us = settings_of(names("eu,us"), tmp_path, ephemeral_ports=True)
    there = TopicPartition(regions.mirrored(topics.CONTROL, "us").name, 0)
    with running(kafka.part(eu), eu):
        create_topics(eu.kafka_bootstrap, others=("us",))
        with running(mirror.part(eu), eu), running(kafka.part(us), us):
            create_topics(us.kafka_bootstrap, others=("eu",))
            producer = KafkaProducer(bootstrap_servers=us.kafka_bootstrap, acks="all")
            producer.send(topics.CONTROL.name, b"said", key=b"key", partition=0).get(timeout=10)
            producer.close()
            consumer = KafkaConsumer(
                bootstrap_servers=eu.kafka_bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
            )
            consumer.assign([there])
            deadline = time.monotonic() + 60
            values: list[bytes] = []
            while not values and time.monotonic() < deadline:
                values = [each.value for each in consumer.poll(timeout_ms=500).get(there, [])]
            consumer.close()
    assert values == [b"said"]
