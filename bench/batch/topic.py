"""Fills a topic before anybody reads it."""

from collections.abc import Iterable

from confluent_kafka import Message, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from contracts.topics import Topic
from gateway.kafka.config import producer_config

Record = tuple[int | None, bytes | None, bytes]
"""Partition, or None for the key's own; key; value."""

LINGER_MS = 50
POLL_S = 0.5
BY_KEY = -1
"""librdkafka's word for a partition that it chooses."""


class FillError(Exception):
    """Kafka did not take a record."""


def create(bootstrap: str, topic: Topic) -> None:
    """Create a topic that is no part of the contract."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for created in admin.create_topics([NewTopic(topic.name, topic.partitions, 1, config=topic.config)]).values():
        created.result()


def fill(bootstrap: str, topic: str, records: Iterable[Record]) -> int:
    """Write `records` to `topic`, which exists, and return how many there were, once Kafka has all of them.

    Raises FillError with the first that Kafka refuses.
    """
    refused: list[str] = []

    def delivered(error: object, _message: Message) -> None:
        if error is not None:
            refused.append(str(error))

    producer = Producer(producer_config("bench", bootstrap, LINGER_MS, None))
    number = 0
    for partition, key, value in records:
        number += 1
        while True:
            try:
                producer.produce(topic, value, key, BY_KEY if partition is None else partition, delivered)
                break
            except BufferError:
                producer.poll(POLL_S)
        if refused:
            raise FillError(refused[0])
    producer.flush()
    if refused:
        raise FillError(refused[0])
    return number
