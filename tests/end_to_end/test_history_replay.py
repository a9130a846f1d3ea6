"""TaskManagers killed after history was written and before a checkpoint: it is written again, and counts once."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import clickhouse_connect
import msgspec
import pytest
from kafka import KafkaProducer

from contracts.buckets import partition
from contracts.topics import REACTIONS, VOTES
from local.flink import JOBMANAGER
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.chaos.machine import Machine
from ovation.deployments import DEPLOYMENTS
from ovation.flink_api import Flink, Job
from ovation.flink_waits import until, wait_until_running
from tests.jobs.votes import batches, vote

STREAM = "replayed"
START = (time.time_ns() // 1_000_000_000 - 3_600) * 1_000
JOBS = ("reaction_window", "poll_dedup")
WINDOWS, VOTERS = 300, 300
DEADLINE_S = 120.0

# By job: what its view shows, and how many rows its table holds and how many of them are different ones.
ACCOUNTS = {
    "reaction_window": ("sum(reactions) FROM ovation.reactions", "window_start, version", "ovation.reaction_windows"),
    "poll_dedup": ("sum(attempts) FROM ovation.votes", "voter, version", "ovation.ballots"),
}


class Writer:
    """Sends taps and votes past the gateway."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
        self.sent = {"reaction_window": 0, "poll_dedup": 0}

    def send(self, round_: int) -> None:
        """Send another tap of every window and another vote of every voter."""
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
            self._producer.send(REACTIONS.name, msgspec.json.encode(tap), STREAM.encode())
        for record in (record for each in votes for record in batches([each])):
            number = partition(record["votes"][0]["voter"], VOTES.partitions)
            self._producer.send(VOTES.name, msgspec.json.encode(record), partition=number)
        self.sent["reaction_window"] += WINDOWS
        self.sent["poll_dedup"] += VOTERS
        self._producer.flush(20)

    def close(self) -> None:
        self._producer.close()


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


@contextmanager
def no_checkpoints(machine: Machine, flink: Flink, jobs: Sequence[Job]) -> Iterator[None]:
    """Hold the JobManager: it alone begins a checkpoint, and none is under way."""

    def begun() -> bool:
        return any(flink._get(f"/jobs/{each.job_id}/checkpoints")["counts"]["in_progress"] for each in jobs)

    until(lambda: None if begun() else True, DEADLINE_S, "a checkpoint does not end")
    machine.hold(JOBMANAGER)
    try:
        yield
    finally:
        machine.release(JOBMANAGER)


def wait_for(history: History, writer: Writer) -> None:
    """Wait until history has counted everything that was sent."""

    def came() -> bool:
        return all(history.counted(job) >= sent for job, sent in writer.sent.items())

    until(lambda: came() or None, DEADLINE_S, "history does not come")


@pytest.mark.slow
def test_what_no_checkpoint_covers_is_written_again_and_counted_once(
    stack: Stack, flink: Flink, writer: Writer, history: History
) -> None:
    machine, alive = Machine(stack), flink.alive()
    jobs = [alive[f"{job} --sink clickhouse"] for job in JOBS]
    hosts = {name for each in jobs for name in flink.taskmanagers(each)}
    writer.send(1)
    wait_for(history, writer)
    written = {job: history.written_again(job) for job in JOBS}

    with no_checkpoints(machine, flink, jobs):
        writer.send(2)
        wait_for(history, writer)
        for name in hosts:
            machine.kill(name)

    deadline = time.monotonic() + DEADLINE_S
    while any(history.written_again(job) == written[job] for job in JOBS):
        assert {job: history.counted(job) for job in JOBS} == writer.sent
        assert time.monotonic() < deadline, "nothing is written again"
        time.sleep(0.2)
    assert {job: history.counted(job) for job in JOBS} == writer.sent
    for deployment in DEPLOYMENTS:
        wait_until_running(flink, deployment.name)
