"""The mirror between two brokers, killed and hung while it copies."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from contracts import regions, topics
from local import kafka, mirror
from local.paths import CHECKOUT
from local.regions import names, settings_of, share_secrets
from local.running import running
from local.settings import StackSettings
from ovation.topics import create_topics

RECORDS = 3_000
KILLED_AFTER = 1_000
FILE = CHECKOUT / "docs" / "kafka" / "mirror.properties"
OF_ONE_S_OWN = ("bootstrap.servers", "replication.factor", "listeners")
"""What is another on one machine."""
HUNG_S = 45.0
"""So long that the group takes its member for dead, and a new one comes back: after 15 s it was the old one."""


@pytest.fixture
def settings(tmp_path: Path) -> list[StackSettings]:
    """The settings of two regions."""
    found = [
        each.model_copy(update={"kafka_heap_mb": 192})
        for each in settings_of(["eu", "us"], tmp_path, ephemeral_ports=True)
    ]
    share_secrets(found)
    return found


@pytest.fixture
def brokers(settings: list[StackSettings]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The brokers of both, with their topics."""
    eu, us = settings
    with running(kafka.part(eu), eu) as of_eu, running(kafka.part(us), us) as of_us:
        for each in settings:
            create_topics(each.kafka_bootstrap, others=tuple(each.neighbours))
        yield [of_eu, of_us]


@pytest.fixture
def two(settings: list[StackSettings], brokers: object) -> list[StackSettings]:
    """The settings of two regions whose brokers run."""
    return settings


def read_until(own: StackSettings, value: bytes, within_s: float = 90.0) -> None:
    """Return once `value` is in the copy of `control` of `us`. Raises AssertionError."""
    there = TopicPartition(regions.mirrored(topics.CONTROL, "us").name, 0)
    consumer = KafkaConsumer(
        bootstrap_servers=own.kafka_bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    consumer.assign([there])
    deadline = time.monotonic() + within_s
    try:
        while value not in [record.value for record in consumer.poll(timeout_ms=500).get(there, [])]:
            assert time.monotonic() < deadline, f"{value!r} is not copied after {within_s:.0f} s"
    finally:
        consumer.close()


def test_the_file_for_clusters_of_one_s_own_is_what_is_tested_here(settings: list[StackSettings]) -> None:
    said = dict(line.split("=", 1) for line in FILE.read_text().splitlines() if line and not line.startswith("#"))
    here = mirror.properties(settings[0])
    assert said.keys() == here.keys()
    assert {key: value for key, value in said.items() if not key.endswith(OF_ONE_S_OWN)} == {
        key: value for key, value in here.items() if not key.endswith(OF_ONE_S_OWN)
    }


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
    with running(kafka.part(eu), eu):
        create_topics(eu.kafka_bootstrap, others=("us",))
        with running(mirror.part(eu), eu), running(kafka.part(us), us):
            create_topics(us.kafka_bootstrap, others=("eu",))
            producer = KafkaProducer(bootstrap_servers=us.kafka_bootstrap, acks="all")
            producer.send(topics.CONTROL.name, b"said", key=b"key", partition=0).get(timeout=10)
            producer.close()
            read_until(eu, b"said")


def test_a_mirror_copies_on_when_its_broker_hung_for_longer_than_it_is_waited_for(
    settings: list[StackSettings], brokers: list[subprocess.Popen[bytes]]
) -> None:
    eu, us = settings
    producer = KafkaProducer(bootstrap_servers=us.kafka_bootstrap, acks="all")
    # Nothing but the mirror itself may bring it back.
    with running(mirror.part(eu, stands_s=3_600), eu):
        producer.send(topics.CONTROL.name, b"before", key=b"key", partition=0).get(timeout=10)
        read_until(eu, b"before")
        brokers[0].send_signal(signal.SIGSTOP)
        time.sleep(HUNG_S)
        brokers[0].send_signal(signal.SIGCONT)
        producer.send(topics.CONTROL.name, b"after", key=b"key", partition=0).get(timeout=10)
        read_until(eu, b"after")
    producer.close()
    assert "Revoking previous assignment" in eu.paths.log("mirror").read_text(), "it lost nothing that it could miss"


def test_a_mirror_that_stands_though_it_lives_is_ended(two: list[StackSettings]) -> None:
    eu, us = two
    with running(mirror.part(eu, stands_s=3), eu) as process:
        producer = KafkaProducer(bootstrap_servers=us.kafka_bootstrap, acks="all")
        os.kill(process.pid, signal.SIGSTOP)
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            producer.send(topics.CONTROL.name, b"said", key=b"key", partition=0).get(timeout=10)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
        producer.close()
        assert process.poll() == -signal.SIGKILL
    assert "brought nothing of us for 3 s" in eu.paths.log("mirror").read_text()
