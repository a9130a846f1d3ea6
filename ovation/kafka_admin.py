"""Kafka as an operator's programs ask it: one connection, with a bound on how long it may take."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from kafka import KafkaAdminClient, TopicPartition

from contracts.kafka_login import PLAINTEXT, KafkaLogin
from contracts.topics import Topic


@contextmanager
def connected(bootstrap: str, login: KafkaLogin = PLAINTEXT, timeout_s: float = 30.0) -> Iterator[KafkaAdminClient]:
    """Yield a client of the brokers at `bootstrap`, separated by commas; to connect and each request may take so long.

    Raises KafkaError.
    """
    timeout_ms = int(timeout_s * 1000)
    admin = KafkaAdminClient(
        bootstrap_servers=bootstrap.split(","),
        bootstrap_timeout_ms=timeout_ms,
        request_timeout_ms=timeout_ms,
        **login.kafka_python(),
    )
    try:
        yield admin
    finally:
        admin.close()


def partition_counts(admin: KafkaAdminClient, topics: Iterable[Topic]) -> dict[str, int]:
    """Return how many partitions topics have that are there, by their names."""
    described = admin.describe_topics([topic.name for topic in topics])
    return {each["name"]: len(each["partitions"]) for each in described}


def partitions(admin: KafkaAdminClient, topic: Topic) -> list[TopicPartition]:
    """Return the partitions of a topic that is there."""
    [described] = admin.describe_topics([topic.name])
    return [TopicPartition(topic.name, each["partition_index"]) for each in described["partitions"]]
