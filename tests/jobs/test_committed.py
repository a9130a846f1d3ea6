"""What a deployment has committed is in its store, at every moment: the recount of a poll rests on it."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import clickhouse_connect
import msgspec
import pytest
import redis
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.errors import CoordinatorNotAvailableError

from contracts import redis_keys
from contracts.buckets import partition
from contracts.events import VotesRecord
from contracts.topics import VOTES, consumer_group
from ovation.addresses import Addresses
from ovation.flink_api import Flink
from tests import checkpoints
from tests.jobs.votes import batches, vote

STREAM = "committed"
GROUPS = {sink: consumer_group("poll_dedup", sink) for sink in ("redis", "clickhouse")}
PARTITIONS = [TopicPartition(VOTES.name, number) for number in range(VOTES.partitions)]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


class Broker:
    """Sends votes, and knows how many of them are below a position of a partition."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
        self._admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        self._positions: list[tuple[TopicPartition, int, int]] = []

    def send(self, record: VotesRecord) -> None:
        number = partition(record["votes"][0]["voter"], VOTES.partitions)
        sent = self._producer.send(VOTES.name, msgspec.json.encode(record), partition=number).get(timeout=20)
        self._positions.append((PARTITIONS[number], sent.offset, len(record["votes"])))

    def committed_votes(self, group: str) -> int:
        """Votes of ours below the positions that `group` has committed."""
        try:
            committed = self._admin.list_group_offsets({group: PARTITIONS})[group]
        except CoordinatorNotAvailableError:  # Nobody has committed anything since Kafka was made.
            return 0
        return sum(votes for place, offset, votes in self._positions if offset < committed[place].offset)

    def close(self) -> None:
        self._producer.close()
        self._admin.close()


@pytest.fixture
def broker(addresses: Addresses) -> Iterator[Broker]:
    with closing(Broker(addresses.kafka_bootstrap)) as broker:
        yield broker


@pytest.fixture
def stored(addresses: Addresses) -> Iterator[Any]:
    """Returns how many votes of the poll a sink's store has received."""
    live: Any = redis.Redis.from_url(addresses.redis_url.get_secret_value(), decode_responses=True)
    history = clickhouse_connect.get_client(dsn=addresses.clickhouse_url, autogenerate_session_id=False)
    query = f"SELECT sum(attempts) FROM ovation.votes WHERE stream_id = '{STREAM}'"

    def received(sink: str) -> int:
        if sink == "redis":
            return int(live.hget(redis_keys.poll(STREAM, "p"), "received") or 0)
        return int(history.command(query))

    with closing(live), closing(history):
        yield received


def test_a_committed_position_is_in_the_store(broker: Broker, stored: Any, flink: Flink) -> None:
    sent = 0
    seen: dict[str, set[int]] = {sink: set() for sink in GROUPS}
    deadline = time.monotonic() + 90
    while any(len(amounts - {0}) < 3 for amounts in seen.values()):
        assert time.monotonic() < deadline, f"too few commits while votes came: {seen}"
        # Votes keep coming, so checkpoints find rows at every place on their way.
        for viewer in range(sent, sent + 64):
            votes = [vote(viewer, viewer * 10 + number, 1 + number % 3, stream_id=STREAM) for number in range(5)]
            [record] = batches(votes)
            broker.send(record)
        sent += 64
        checkpoints.take(flink, "poll_dedup")
        for sink, group in GROUPS.items():
            committed = broker.committed_votes(group)
            seen[sink].add(committed)
            assert stored(sink) >= committed, f"{group} has committed more than its store has"

    for sink, group in GROUPS.items():
        while broker.committed_votes(group) < sent * 5:
            assert time.monotonic() < deadline + 60, f"{group} never commits the end of the topic"
            checkpoints.take(flink, "poll_dedup")
            time.sleep(0.2)
        assert stored(sink) == sent * 5
