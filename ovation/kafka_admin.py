"""Kafka as an operator's programs ask it: one connection, with a bound on how long it may take."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError

from contracts.kafka_login import PLAINTEXT, KafkaLogin
from contracts.topics import Topic

_COORDINATOR_S = 10.0
"""How long the group coordinator of a broker that has just started may take; it answers after a second or two."""
_PAUSE_S = 0.2


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


def committed(admin: KafkaAdminClient, group: str, parts: list[TopicPartition]) -> dict[TopicPartition, int]:
    """Return how far `group` has read of those of `parts` that it has read of.

    Raises KafkaError; where only the coordinator of groups is not there yet, after some seconds of asking again.
    """
    deadline = time.monotonic() + _COORDINATOR_S
    while True:
        try:
            found = admin.list_group_offsets({group: parts})[group]
        except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError):
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)
        else:
            return {part: offset.offset for part, offset in found.items()}
