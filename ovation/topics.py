"""Kafka topics, brought to the shape that `contracts.topics` declares."""

from collections.abc import Sequence

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError, TopicAlreadyExistsError

from contracts import regions, topics
from contracts.kafka_login import PLAINTEXT, KafkaLogin
from contracts.topics import Topic
from ovation.errors import OvationError
from ovation.kafka_admin import connected, partition_counts


def create_topics(
    bootstrap: str, timeout_s: float = 30.0, login: KafkaLogin = PLAINTEXT, others: Sequence[str] = ()
) -> list[str]:
    """Create the topics that are missing, give those with too few partitions more, and return what was changed.

    With them those that mirrors fill from the regions `others`: jobs and gateways read them before a mirror runs.

    Nothing that exists is made smaller, and its configuration is left to the operator. The replication factor is the
    broker's default. Raises OvationError when Kafka refuses, or cannot be reached within `timeout_s`.
    """
    wanted = [*topics.ALL, *(regions.mirrored(topic, name) for name in others for topic in topics.WRITTEN)]
    try:
        with connected(bootstrap, login, timeout_s) as admin:
            existing = set(admin.list_topics())
            created = [topic.name for topic in wanted if topic.name not in existing and _create(admin, topic)]
            grown = _grow(admin, [topic for topic in wanted if topic.name in existing])
    except KafkaError as error:
        raise OvationError(f"Kafka at {bootstrap} does not create topics: {error}. {login.doubt}") from error
    return created + grown


def _create(admin: KafkaAdminClient, topic: Topic) -> bool:
    """Create one topic. Another `migrate` at the same moment may be first, which is as good."""
    try:
        admin.create_topics(
            {topic.name: {"num_partitions": topic.partitions, "configs": topic.config}}, wait_for_metadata=True
        )
    except TopicAlreadyExistsError:
        return False
    return True


def _grow(admin: KafkaAdminClient, existing: list[Topic]) -> list[str]:
    found = partition_counts(admin, existing)
    short = {topic.name: topic.partitions for topic in existing if found[topic.name] < topic.partitions}
    if short:
        admin.create_partitions(short)
    return list(short)
