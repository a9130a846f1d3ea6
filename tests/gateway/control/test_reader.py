import asyncio
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import NewTopic
from kafka.errors import UnknownTopicOrPartitionError

from gateway.clock import now_ms
from gateway.control.model import Record, encode
from gateway.control.reader import LEASE_S, ControlReader
from gateway.control.repair import Repair
from gateway.control.table import ControlTable
from local import kafka
from tests.gateway.api import Api
from tests.gateway.fake_outbox import FakeOutbox
from tests.gateway.processes import Process, running, stack_settings, until
from tests.gateway.records import poll, stream


async def test_a_malformed_record_is_skipped_and_counted(api: Api, bootstrap: str) -> None:
    async def malformed() -> float:
        text = (await api.call("GET", "/metrics")).body
        line = next(line for line in text.splitlines() if line.startswith("ovation_gateway_control_malformed_total "))
        return float(line.split()[1])

    before = await malformed()
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    good = json.loads(encode(stream(stream_id="after-bad")))
    for value in (b"\xff", b"{", b"{}", b"[" * 5_000, json.dumps({**good, "v": 2}).encode(), None):
        producer.send("control", value, key=b"stream:bad")
    producer.send("control", json.dumps(good).encode(), key=b"stream:after-bad").get(10)
    producer.close()
    await api.until_known("after-bad")
    assert await malformed() == before + 5


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, str]]:
    """Yield a broker whose `control` a test may empty, and which it may pause, with its address."""
    folder = tmp_path_factory.mktemp("own")
    settings = stack_settings(folder)
    with running(kafka.part(settings), folder) as process:
        yield process, settings.kafka_bootstrap


@pytest.fixture
def own_bootstrap(own_broker: tuple[Process, str]) -> str:
    return own_broker[1]


def make_control(bootstrap: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    with suppress(UnknownTopicOrPartitionError):
        admin.delete_topics(["control"])
    until(lambda: "control" not in admin.list_topics(), 20, "control is deleted")
    admin.create_topics([NewTopic("control", num_partitions=1, replication_factor=1)])
    admin.close()


def write(bootstrap: str, *records: Record) -> None:
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    for record in records:
        producer.send("control", encode(record), key=record.key.encode()).get(10)
    producer.close()


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("records_after", [0, 1, 3])
async def test_a_log_that_became_shorter_is_read_from_its_beginning(own_bootstrap: str, records_after: int) -> None:
    await asyncio.to_thread(make_control, own_bootstrap)
    old = [stream(stream_id=f"old-{number}") for number in range(5)]
    new = [stream(stream_id=f"new-{number}") for number in range(records_after)]
    await asyncio.to_thread(write, own_bootstrap, *old)
    table = ControlTable(now_ms)
    cleared = asyncio.Event()
    table.listen(lambda _: None, cleared.set)
    reader = ControlReader(own_bootstrap, table, Repair(FakeOutbox(), table, "gw-1"))
    reader.start()
    try:
        await eventually(lambda: table.ready and table.has_stream("old-4"))
        await asyncio.to_thread(make_control, own_bootstrap)
        await asyncio.to_thread(write, own_bootstrap, *new)
        async with asyncio.timeout(20):
            await cleared.wait()
        await eventually(lambda: table.ready and all(table.has_stream(each.stream_id) for each in new))
        assert not table.has_stream("old-0")
        await asyncio.to_thread(write, own_bootstrap, stream(stream_id="later"))
        await eventually(lambda: table.has_stream("later"))
    finally:
        await reader.close()


async def test_what_came_too_late_to_stand_is_repaired(own_bootstrap: str) -> None:
    await asyncio.to_thread(make_control, own_bootstrap)
    won, lost = poll(edge="gw-1", revision=2), poll(edge="gw-2", revision=2, question="Other?")
    await asyncio.to_thread(write, own_bootstrap, won, lost)
    table, outbox = ControlTable(now_ms), FakeOutbox()
    reader = ControlReader(own_bootstrap, table, Repair(outbox, table, "gw-3"))
    reader.start()
    try:
        await eventually(lambda: bool(outbox.sent))
        topic, value, key, partition = outbox.sent[0]
        assert (topic, key, partition) == ("control", b"poll:cup:best", 0)
        assert value["question"] == won.question
    finally:
        await reader.close()


async def test_it_goes_by_what_it_has_read_for_as_long_as_it_hears_that_there_is_no_more(
    own_broker: tuple[Process, str],
) -> None:
    broker, bootstrap = own_broker
    await asyncio.to_thread(make_control, bootstrap)
    table = ControlTable(now_ms)
    reader = ControlReader(bootstrap, table, Repair(FakeOutbox(), table, "gw-1"))
    assert not reader.is_current
    reader.start()
    try:
        await eventually(lambda: reader.is_current)
        began = time.monotonic()
        while time.monotonic() - began < 2 * LEASE_S:
            assert reader.is_current
            await asyncio.sleep(0.02)
        paused_at = time.monotonic()
        broker.send(signal.SIGSTOP)
        await eventually(lambda: not reader.is_current)
        assert time.monotonic() - paused_at < LEASE_S + 0.2
        broker.send(signal.SIGCONT)
        await eventually(lambda: reader.is_current)
    finally:
        broker.send(signal.SIGCONT)
        await reader.close()
