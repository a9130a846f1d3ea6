"""TaskManagers killed after history was written and before a checkpoint: it is written again, and counts once."""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import clickhouse_connect
import msgspec
import pytest
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.errors import CoordinatorNotAvailableError

from contracts.buckets import partition
from contracts.topics import REACTIONS, VOTES, consumer_group
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.flink_api import Flink
from tests.jobs.votes import batches, vote

STREAM = "replayed"
START = (time.time_ns() // 1_000_000_000 - 3_600) * 1_000
JOBS = {"reaction_window": REACTIONS, "poll_dedup": VOTES}
WINDOWS, VOTERS = 300, 300
DEADLINE_S = 120.0

# By job: what its view shows, and how many rows its table holds and how many of them are different ones.
ACCOUNTS = {
    "reaction_window": ("sum(reactions) FROM ovation.reactions", "window_start, version", "ovation.reaction_windows"),
    "poll_dedup": ("sum(attempts) FROM ovation.votes", "voter, version", "ovation.ballots"),
}


class Writer:
    """Sends taps and votes past the gateway, and knows up to where a job has committed."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
        self._admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        self.sent = {"reaction_window": 0, "poll_dedup": 0}

    def send(self, round_: int) -> Mapping[str, tuple[TopicPartition, int]]:
        """Send another tap of every window and another vote of every voter; return a position of each topic."""
        taps = [
            {
                "v": 1,
                "stream_id": STREAM,
                "region": "eu",
                "edge": "gw-1",
                "at": START + 1_000 * each,
                "counts": {"🔥": 1},
            }
            for each in range(WINDOWS)
        ]
        votes = [vote(each, 10 * each + round_, 1, stream_id=STREAM) for each in range(VOTERS)]
        for tap in taps:
            last_tap = self._producer.send(REACTIONS.name, msgspec.json.encode(tap), STREAM.encode())
        for record in (record for each in votes for record in batches([each])):
            number = partition(record["votes"][0]["voter"], VOTES.partitions)
            last_vote = self._producer.send(VOTES.name, msgspec.json.encode(record), partition=number)
        self.sent["reaction_window"] += WINDOWS
        self.sent["poll_dedup"] += VOTERS
        ends = {"reaction_window": last_tap.get(20), "poll_dedup": last_vote.get(20)}
        return {job: (TopicPartition(end.topic, end.partition), end.offset + 1) for job, end in ends.items()}

    def committed(self, job: str, place: TopicPartition) -> int:
        group = consumer_group(job, "clickhouse")
        try:
            return int(self._admin.list_group_offsets({group: [place]})[group][place].offset)
        except CoordinatorNotAvailableError:  # Nobody has committed anything since Kafka was made.
            return 0

    def close(self) -> None:
        self._producer.close()
        self._admin.close()


class History:
    def __init__(self, url: str) -> None:
        self.client: Any = clickhouse_connect.get_client(dsn=url, autogenerate_session_id=False)

    def counted(self, job: str) -> int:
        return int(self.client.command(f"SELECT {ACCOUNTS[job][0]} WHERE stream_id = '{STREAM}'"))

    def written_again(self, job: str) -> int:
        """Return how many rows of the table stand there more than once."""
        _, key, table = ACCOUNTS[job]
        query = f"SELECT count() - uniqExact(({key})) FROM {table} WHERE stream_id = '{STREAM}'"
        return int(self.client.command(query))


@pytest.fixture
def writer(addresses: Addresses) -> Iterator[Writer]:
    with closing(Writer(addresses.kafka_bootstrap)) as writer:
        yield writer


@pytest.fixture
def history(addresses: Addresses) -> Iterator[History]:
    """What was written stays as it was written: nothing is merged."""
    history = History(addresses.clickhouse_url)
    history.client.command("SYSTEM STOP MERGES")
    yield history
    history.client.command("SYSTEM START MERGES")
    history.client.close()


def test_what_no_checkpoint_covers_is_written_again_and_counted_once(
    stack: Stack, flink: Flink, writer: Writer, history: History
) -> None:
    jobs = {job: flink.alive()[f"{job} --sink clickhouse"] for job in JOBS}
    hosts = {name for each in jobs.values() for name in flink.taskmanagers(each)}
    deadline = time.monotonic() + DEADLINE_S
    killed = False
    for round_ in range(1, 8):
        ends = writer.send(round_)
        while any(history.counted(job) < writer.sent[job] for job in JOBS):
            assert time.monotonic() < deadline, "history does not come"
            time.sleep(0.05)
        # A checkpoint that came in between covers this round, and another round is sent.
        if all(writer.committed(job, place) < end for job, (place, end) in ends.items()):
            assert not any(history.written_again(job) for job in JOBS)
            for name in hosts:
                os.kill(stack.supervisor.pids()[name], signal.SIGKILL)
            killed = True
            break
    assert killed
    for job, (place, end) in ends.items():
        assert writer.committed(job, place) < end, "a checkpoint came before the kill"
    # It ends well only if the kill came before the checkpoint, or nothing would have to be written again.
    while not all(history.written_again(job) for job in JOBS):
        assert {job: history.counted(job) for job in JOBS} == writer.sent
        assert time.monotonic() < deadline, "nothing is written again"
        time.sleep(0.2)
    assert {job: history.counted(job) for job in JOBS} == writer.sent
