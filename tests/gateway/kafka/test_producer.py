"""The outbox over a real broker."""

import asyncio
import json

import pytest
from confluent_kafka import KafkaError
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from contracts import topics
from gateway.kafka.outbox import NotTaken, Uncertain
from gateway.kafka.producer import ProducerThread
from tests.gateway import kafka_log
from tests.gateway.fake_outbox import until


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
    await until(lambda: outbox.partitions("votes") == topics.VOTES.partitions)
    await outbox.close()


async def test_waits_for_a_topic_that_is_not_there_yet(bootstrap: str) -> None:
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
    with pytest.raises((NotTaken, Uncertain)):
        async with asyncio.timeout(20):
            await outbox.send("votes", value("nobody"), partition=0)
    await outbox.close()


async def test_what_waits_when_it_closes_is_not_taken(silent: str) -> None:
    outbox = ProducerThread("test-close", silent, linger_ms=0)
    outbox.start()
    written = outbox.send("votes", value("left"), partition=0)
    await outbox.close()
    with pytest.raises(NotTaken):
        await written


async def test_a_producer_that_failed_for_good_is_replaced(bootstrap: str) -> None:
    """A fatal error makes librdkafka refuse everything from then on; here one is said to have been, while a record
    waits that this producer cannot write.
    """
    outbox = ProducerThread("test-fatal", bootstrap, linger_ms=0)
    outbox.start()
    await outbox.send("votes", value("fatal", 1), partition=0)
    waiting = outbox.send("no-such-topic", value("fatal", 2), partition=0)
    outbox._trouble(KafkaError(KafkaError._FATAL, "out of order", fatal=True))
    async with asyncio.timeout(20):
        with pytest.raises(NotTaken):
            await waiting
        await outbox.send("votes", value("fatal", 3), partition=0)
    await outbox.close()
    found = await asyncio.to_thread(kafka_log.records, bootstrap, "votes", "fatal")
    assert [each["number"] for each in found] == [1, 3]
