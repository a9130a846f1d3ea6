"""Where a span of time stands in Kafka, asked of a real broker."""

import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from confluent_kafka import Producer
from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType

from contracts.topics import HOUR_MS, REACTIONS, VOTES, Topic
from local import kafka
from local.running import running
from local.settings import read_settings
from ovation.backfill import stretch
from ovation.backfill.span import Span, shown
from ovation.errors import OvationError

HOUR = time.time_ns() // 1_000_000 // HOUR_MS * HOUR_MS - 20 * HOUR_MS
"""A full hour, twenty hours ago: younger than any of these topics may delete."""
SPAN = Span(HOUR, HOUR + 2 * HOUR_MS)


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = read_settings(tmp_path_factory.mktemp("kafka"), ephemeral_ports=True)
    with running(kafka.part(settings), settings):
        yield settings.kafka_bootstrap


@pytest.fixture
def topic(bootstrap: str) -> Topic:
    """A topic of three partitions. Of the first two, records stand at -1 h, 0 h, 1 h, 2 h, 3 h and 4 h."""
    name = f"topic-{uuid.uuid4().hex}"
    topic = Topic(name, 3, REACTIONS.config)
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.create_topics(
            {name: {"num_partitions": 3, "replication_factor": 1, "configs": topic.config}}, wait_for_metadata=True
        )
    producer = Producer({"bootstrap.servers": bootstrap})
    for hour in range(-1, 5):
        for partition in (0, 1):
            producer.produce(name, b"{}", partition=partition, timestamp=HOUR + hour * HOUR_MS)
    assert producer.flush(20) == 0
    return topic


def forget(bootstrap: str, topic: Topic, offset: int) -> None:
    """Delete the records of the first partition below `offset`, as retention does."""
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.delete_records({TopicPartition(topic.name, 0): offset})


def retain(bootstrap: str, topic: Topic, milliseconds: int) -> None:
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, {"retention.ms": str(milliseconds)})])


def test_a_stretch_begins_with_the_span_and_ends_an_hour_after_it(bootstrap: str, topic: Topic) -> None:
    [found] = stretch.find(bootstrap, [topic], SPAN, late_h=1)
    assert (found.start, found.end) == ({0: 1, 1: 1, 2: 0}, {0: 4, 1: 4, 2: 0})
    assert found.records == 6
    start = "partition:0,offset:1;partition:1,offset:1;partition:2,offset:0"
    assert found.words == (topic.name, start, "partition:0,offset:4;partition:1,offset:4;partition:2,offset:0")


def test_a_span_that_reaches_into_the_future_ends_where_the_topic_does(bootstrap: str, topic: Topic) -> None:
    [found] = stretch.find(bootstrap, [topic], replace(SPAN, until_ms=HOUR + 900 * HOUR_MS), late_h=0)
    assert found.end == {0: 6, 1: 6, 2: 0}


def test_a_span_of_which_nothing_is_there_is_one_sentence(bootstrap: str, topic: Topic) -> None:
    after = Span(HOUR + 9 * HOUR_MS, HOUR + 10 * HOUR_MS)
    with pytest.raises(OvationError, match=rf"^Kafka holds no record of {topic.name} from \d.* UTC\.$"):
        stretch.find(bootstrap, [topic], after, late_h=1)


@pytest.mark.parametrize("left", [3, 6])
def test_a_span_that_is_partly_forgotten_says_since_when_kafka_retains(bootstrap: str, topic: Topic, left: int) -> None:
    retain(bootstrap, topic, HOUR_MS)
    forget(bootstrap, topic, left)
    since = shown(HOUR + 2 * HOUR_MS if left == 3 else time.time() * 1000 - HOUR_MS)
    with pytest.raises(OvationError) as caught:
        stretch.find(bootstrap, [topic], SPAN, late_h=1)
    assert f"{topic.name} is retained since {since} UTC" in str(caught.value)


def test_what_is_younger_than_the_retention_is_there_even_if_older_records_are_gone(
    bootstrap: str, topic: Topic
) -> None:
    forget(bootstrap, topic, 6)
    [found] = stretch.find(bootstrap, [topic], SPAN, late_h=1)
    assert (found.start[0], found.end[0], found.records) == (6, 6, 3)


def test_a_topic_that_is_not_there_and_a_kafka_that_is_not(bootstrap: str) -> None:
    with pytest.raises(OvationError, match="Kafka has no topic votes: `ovation migrate`"):
        stretch.find(bootstrap, [VOTES], SPAN, late_h=1)
