"""TaskManagers killed after history was written and before a checkpoint: it is written again, and counts once."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import clickhouse_connect
import msgspec
import pytest
from kafka import KafkaProducer

from contracts.buckets import partition
from contracts.topics import REACTIONS, VOTES
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.flink_api import Flink, Job
from tests.jobs.votes import batches, vote

STREAM = "replayed"
START = (time.time_ns() // 1_000_000_000 - 3_600) * 1_000
JOBS = ("reaction_window", "poll_dedup")
WINDOWS, VOTERS = 300, 300
DEADLINE_S = 240.0
ROUNDS = 10

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


def newest_checkpoint(flink: Flink, job: Job) -> int:
    """Return the id of the newest checkpoint of a job that is complete; 0 for none."""
    newest = flink._get(f"/jobs/{job.job_id}/checkpoints")["latest"]["completed"]
    return int(newest["id"]) if newest else 0


def restored_checkpoint(flink: Flink, job: Job, since_ms: int) -> int | None:
    """Return the id of the checkpoint from which a job began again after `since_ms`, once it has."""
    restored = flink._get(f"/jobs/{job.job_id}/checkpoints")["latest"]["restored"]
    return int(restored["id"]) if restored and restored["restore_timestamp"] > since_ms else None


@pytest.mark.slow
def test_what_no_checkpoint_covers_is_written_again_and_counted_once(
    stack: Stack, flink: Flink, writer: Writer, history: History
) -> None:
    jobs = {job: flink.alive()[f"{job} --sink clickhouse"] for job in JOBS}
    deadline = time.monotonic() + DEADLINE_S
    replayed: set[str] = set()
    for round_ in range(1, 1 + ROUNDS):
        before = {job: newest_checkpoint(flink, each) for job, each in jobs.items()}
        writer.send(round_)
        while any(history.counted(job) < writer.sent[job] for job in JOBS):
            assert time.monotonic() < deadline, "history does not come"
            time.sleep(0.05)
        # A checkpoint that came in between may cover this round, and another round is sent.
        if any(newest_checkpoint(flink, each) != before[job] for job, each in jobs.items()):
            continue
        written = {job: history.written_again(job) for job in JOBS}
        killed_ms = time.time_ns() // 1_000_000
        for name in {name for each in jobs.values() for name in flink.taskmanagers(each)}:
            os.kill(stack.supervisor.pids()[name], signal.SIGKILL)
        for job, each in jobs.items():
            while (restored := restored_checkpoint(flink, each, killed_ms)) is None:
                assert time.monotonic() < deadline, "the job does not begin again"
                time.sleep(0.2)
            if restored != before[job]:  # One more was completed while the hosts were on their way out.
                continue
            while history.written_again(job) == written[job]:
                assert history.counted(job) == writer.sent[job]
                assert time.monotonic() < deadline, "nothing is written again"
                time.sleep(0.2)
            replayed.add(job)
        assert {job: history.counted(job) for job in JOBS} == writer.sent
        if replayed == set(JOBS):
            break
    assert replayed == set(JOBS)
