"""The outbox over a real broker."""

import asyncio
import json

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from contracts import topics
from gateway.kafka.outbox import NotTaken
from gateway.kafka.producer import ProducerThread
from tests.gateway import kafka_log


def value(stream: str, number: int = 0) -> bytes:
    return json.dumps({"stream_id": stream, "number": number, "votes": []}).encode()


async def test_keeps_the_order_of_a_partition(bootstrap: str) -> None:
    outbox = ProducerThread("test-order", bootstrap, linger_ms=0)
    outbox.start()
    written = [outbox.send("votes", value("order", number), partition=1) for number in range(500)]
    await asyncio.gather(*written)
    await outbox.close()
    found = await asyncio.to_thread(kafka_log.records, bootstrap, "votes", "order")
    assert [each["number"] for each in found] == list(range(500))


async def test_a_record_for_no_partition_is_certainly_not_taken(bootstrap: str) -> None:
    outbox = ProducerThread("test-partition", bootstrap, linger_ms=0)
    outbox.start()
    with pytest.raises(NotTaken):
        await outbox.send("votes", value("nowhere"), partition=99)
    await outbox.send("votes", value("somewhere"), partition=0)
    await outbox.close()


async def test_learns_how_many_partitions_there_are(bootstrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "ALL", (topics.Topic("votes", 1),))
    outbox = ProducerThread("test-partitions", bootstrap, linger_ms=0)
    outbox.start()
    assert outbox.partitions("votes") == 1
    await outbox.send("votes", value("any"), partition=0)
    assert outbox.partitions("votes") == topics.VOTES.partitions
    await outbox.close()


async def test_waits_for_a_topic_that_is_not_there_yet(bootstrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = ProducerThread("test-topic", bootstrap, linger_ms=0)
    outbox.start()
    written = outbox.send("late-topic", value("late"), key=b"late")
    await asyncio.sleep(1)
    assert not written.done()
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics([NewTopic("late-topic", num_partitions=1, replication_factor=1)])
    admin.close()
    async with asyncio.timeout(20):
        await written
    await outbox.close()


async def test_gives_up_when_nobody_answers(silent: str) -> None:
    outbox = ProducerThread("test-nobody", silent, linger_ms=0, give_up_ms=500)
    outbox.start()
    with pytest.raises(NotTaken):
        async with asyncio.timeout(20):
            await outbox.send("votes", value("nobody"), partition=0)
    await outbox.close()
