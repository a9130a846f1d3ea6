"""Writes raw bytes into topics, and reads `dead-letters` back."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from contracts.topics import DEAD_LETTERS, DeadLetterHeader

DEADLINE_S = 30.0


class Origin(NamedTuple):
    """Where a record stands."""

    topic: str
    partition: int
    offset: int


class Letter(NamedTuple):
    """A dead letter: what stood there, and why it was refused."""

    value: bytes | None
    reason: str


def write(bootstrap: str, topic: str, values: list[bytes | None]) -> dict[Origin, bytes | None]:
    """Write `values` as they are; return where each stands."""
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all")) as producer:
        sent = [(producer.send(topic, value=value, key=b"bad", partition=0), value) for value in values]
        producer.flush()
        return {Origin(topic, 0, future.get().offset): value for future, value in sent}


def wait_for(bootstrap: str, origins: set[Origin]) -> dict[Origin, Letter]:
    """Return the letters of these records, or those that are there when the time is over."""
    found: dict[Origin, Letter] = {}
    deadline = time.monotonic() + DEADLINE_S
    with closing(KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)) as consumer:
        partition = TopicPartition(DEAD_LETTERS.name, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        while not origins <= found.keys() and time.monotonic() < deadline:
            for origin, letter in _letters(consumer.poll(timeout_ms=500).get(partition, [])):
                if origin in origins:
                    found[origin] = letter
    return found


def _letters(records: list[object]) -> Iterator[tuple[Origin, Letter]]:
    for record in records:
        headers = {name: value.decode() for name, value in record.headers}  # type: ignore[attr-defined]
        origin = Origin(
            headers[DeadLetterHeader.TOPIC],
            int(headers[DeadLetterHeader.PARTITION]),
            int(headers[DeadLetterHeader.OFFSET]),
        )
        yield origin, Letter(record.value, headers[DeadLetterHeader.REASON])  # type: ignore[attr-defined]
