import asyncio
import gc
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaError

from gateway.final.progress import GROUPS, VotesProgress
from gateway.kafka.admin import AdminThread
from tests.gateway.fake_outbox import until
from tests.gateway.final.consumers import commit, write_vote
from tests.gateway.processes import Process


@pytest.fixture
async def progress(bootstrap: str) -> AsyncIterator[VotesProgress]:
    kafka = AdminThread(bootstrap)
    yield VotesProgress(kafka)
    await kafka.close()


async def test_both_deployments_must_have_come_to_the_end_of_every_partition(
    progress: VotesProgress, bootstrap: str
) -> None:
    for partition in (0, 1):
        await asyncio.to_thread(write_vote, bootstrap, partition)
    await asyncio.to_thread(commit, bootstrap)
    ends = await progress.ends()
    assert await progress.has_passed(ends)
    for group in GROUPS:
        await asyncio.to_thread(commit, bootstrap, [group], {1: 1})
        assert not await progress.has_passed(ends)
        await asyncio.to_thread(commit, bootstrap, [group])
        assert await progress.has_passed(ends)


async def test_votes_of_other_polls_that_come_later_are_not_waited_for(progress: VotesProgress, bootstrap: str) -> None:
    await asyncio.to_thread(write_vote, bootstrap, 0)
    await asyncio.to_thread(commit, bootstrap)
    ends = await progress.ends()
    await asyncio.to_thread(write_vote, bootstrap, 0)
    assert await progress.has_passed(ends)
    later = await progress.ends()
    assert later[TopicPartition("votes", 0)] == ends[TopicPartition("votes", 0)] + 1
    assert not await progress.has_passed(later)


async def test_a_partition_that_has_nothing_in_it_is_not_waited_for(progress: VotesProgress, bootstrap: str) -> None:
    await asyncio.to_thread(write_vote, bootstrap, 0)
    assert all(end > 0 for end in (await progress.ends()).values())
    assert await progress.has_passed({})


async def test_without_kafka_it_says_so_and_keeps_the_loop_free(
    progress: VotesProgress, broker: Process, bootstrap: str
) -> None:
    await asyncio.to_thread(write_vote, bootstrap, 0)
    ends = await progress.ends()

    async def ask() -> None:
        while True:
            await progress.has_passed(ends)

    broker.send(signal.SIGSTOP)
    try:
        asking = asyncio.create_task(ask())
        longest, last = 0.0, time.perf_counter()
        while not asking.done():
            await asyncio.sleep(0.005)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
        with pytest.raises((KafkaError, OSError)):
            await asking
        # A question that held up the loop would do so for its three seconds.
        assert longest < 1
    finally:
        broker.send(signal.SIGCONT)
    async with asyncio.timeout(30):
        while True:
            try:
                await progress.ends()
                break
            except (KafkaError, OSError):
                await asyncio.sleep(0.1)


async def test_a_broker_that_does_not_answer_leaves_nothing_behind() -> None:
    """Sockets too: one left open is a warning here, and warnings are errors."""
    before = threading.active_count()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kafka = AdminThread(f"127.0.0.1:{silent.getsockname()[1]}")
        for _ in range(2):
            with pytest.raises((KafkaError, OSError)):
                await VotesProgress(kafka).ends()
        await kafka.close()
    gc.collect()
    await until(lambda: threading.active_count() <= before)
