import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from kafka.admin import KafkaAdminClient

from contracts import topics
from local import kafka
from local.ports import free_ports
from local.running import running
from local.settings import read_settings
from ovation.topics import create_topics


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of its own, without topics."""
    settings = read_settings(tmp_path_factory.mktemp("kafka"), ephemeral_ports=True)
    with running(kafka.part(settings), settings):
        yield settings.kafka_bootstrap


def described(bootstrap: str) -> dict[str, Any]:
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        return {each["name"]: len(each["partitions"]) for each in admin.describe_topics()}


def test_missing_topics_are_made_short_ones_grow_and_nothing_else_changes(bootstrap: str) -> None:
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.create_topics(
            {"votes": {"num_partitions": 1, "replication_factor": 1}, "reactions": {"num_partitions": 9}}
        )

    assert create_topics(bootstrap) == ["control", "dead-letters", "votes"]
    assert described(bootstrap) == {
        "control": topics.CONTROL.partitions,
        "dead-letters": topics.DEAD_LETTERS.partitions,
        "reactions": 9,
        "votes": topics.VOTES.partitions,
    }
    assert create_topics(bootstrap) == []


def test_a_kafka_that_is_not_there_is_one_sentence() -> None:
    (port,) = free_ports(1)
    script = f"from ovation.topics import create_topics; create_topics('127.0.0.1:{port}', timeout_s=0.5)"
    # In a process of its own: the client never closes the sockets that it could not connect, and here a warning fails.
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=30)

    assert f"OvationError: Kafka at 127.0.0.1:{port} does not create topics" in answer.stderr
