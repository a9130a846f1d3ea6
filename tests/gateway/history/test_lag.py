import asyncio
import signal
import time
from collections.abc import AsyncIterator
from functools import partial

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.errors import KafkaError
from prometheus_client import REGISTRY

from contracts.topics import VOTES
from gateway.clock import now_ms
from gateway.history.lag import GROUPS, HistoryLag, Sight, TopicLag
from gateway.history.marks import Mark
from gateway.kafka.admin import AdminThread
from tests.gateway.final.consumers import commit, write_vote
from tests.gateway.processes import Process

ONE = TopicPartition("votes", 0)
HISTORY = [GROUPS["votes"]]


def test_it_is_the_age_of_what_is_missing() -> None:
    lag = TopicLag()
    lag.see(Sight(1_000, {ONE: 5}, {ONE: 5}))
    assert lag.seconds(1_900) == 0
    lag.see(Sight(2_000, {ONE: 9}, {ONE: 5}))
    lag.see(Sight(3_000, {ONE: 12}, {ONE: 8}))
    assert lag.seconds(3_500) == 1.5
    lag.see(Sight(4_000, {ONE: 12}, {ONE: 9}))
    assert lag.seconds(4_000) == 1
    lag.see(Sight(5_000, {ONE: 12}, {ONE: 12}))
    assert lag.seconds(5_000) == 0


def test_it_grows_while_nothing_is_seen() -> None:
    lag = TopicLag()
    lag.see(Sight(1_000, {ONE: 5}, {ONE: 5}))
    assert lag.seconds(61_000) == 60
    lag.see(Sight(62_000, {ONE: 6}, {ONE: 5}))
    assert lag.seconds(122_000) == 60


def test_the_past_counts_for_who_starts_behind() -> None:
    lag = TopicLag()
    past = (Mark(100_000, {ONE: 3}), Mark(300_000, {ONE: 6}))
    lag.see(Sight(400_000, {ONE: 9}, {ONE: 4}, past))
    assert lag.seconds(400_000) == 100


@pytest.fixture
async def kafka(bootstrap: str) -> AsyncIterator[AdminThread]:
    kafka = AdminThread(bootstrap)
    yield kafka
    await kafka.close()


def write_old_vote(bootstrap: str, age_ms: int) -> None:
    """Append a record that came a while ago."""
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    producer.send(VOTES.name, b"{}", partition=3, timestamp_ms=now_ms() - age_ms).get(10)
    producer.close()


async def test_it_follows_what_the_history_commits(kafka: AdminThread, bootstrap: str) -> None:
    """The other deployment does not matter."""
    await asyncio.to_thread(write_vote, bootstrap, 0)
    await asyncio.to_thread(commit, bootstrap)
    now = now_ms()
    lag = HistoryLag(kafka, lambda: now)
    assert lag.slowest() is None
    await lag.look()
    shown = partial(REGISTRY.get_sample_value, "ovation_history_lag_seconds", {"topic": "votes"})
    assert shown() == 0
    await asyncio.to_thread(write_vote, bootstrap, 0)
    await asyncio.to_thread(commit, bootstrap, behind={0: 1})
    await lag.look()
    now += 7_000
    await lag.look()
    assert shown() == 7
    assert (lag.slowest() or 0) >= 7  # Taps of other tests may have waited for longer.
    await asyncio.to_thread(commit, bootstrap, HISTORY)
    await lag.look()
    assert shown() == 0


async def test_a_gateway_that_starts_behind_says_so_at_once(kafka: AdminThread, bootstrap: str) -> None:
    await asyncio.to_thread(commit, bootstrap)
    await asyncio.to_thread(write_old_vote, bootstrap, 100_000)
    await asyncio.to_thread(write_old_vote, bootstrap, 1_000)
    now = now_ms()
    lag = HistoryLag(kafka, lambda: now)
    await lag.look()
    assert 64 <= lag.seconds("votes") <= 110
    await asyncio.to_thread(commit, bootstrap, HISTORY, {3: 1})
    await lag.look()
    assert 0 <= lag.seconds("votes") <= 10
    await asyncio.to_thread(commit, bootstrap, HISTORY)


async def test_without_kafka_it_grows_and_then_is_right_again(
    kafka: AdminThread, broker: Process, bootstrap: str
) -> None:
    await asyncio.to_thread(commit, bootstrap)
    skipped = 0
    lag = HistoryLag(kafka, lambda: now_ms() + skipped)
    await lag.look()
    assert lag.seconds("votes") == 0
    broker.send(signal.SIGSTOP)
    try:
        with pytest.raises((KafkaError, OSError)):
            await lag.look()
        skipped = 60_000
        assert lag.seconds("votes") >= 60
    finally:
        broker.send(signal.SIGCONT)
    lag.start()
    deadline = time.monotonic() + 30
    while lag.seconds("votes") > 0:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)
    await lag.close()
