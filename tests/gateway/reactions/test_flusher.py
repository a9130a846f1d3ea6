import asyncio
from typing import Any

import jsonschema
import pytest

from contracts import schemas
from contracts.traces import Traces, trace_id
from gateway.reactions.aggregate import Aggregate
from gateway.reactions.flusher import Flusher
from gateway.refusal import Refused
from tests.collector import collecting
from tests.gateway.fake_outbox import FakeOutbox, until

AT = 1_763_800_000_100


class Setup:
    def __init__(self, **options: Any) -> None:
        self.outbox = FakeOutbox()
        self.aggregate = Aggregate(options.pop("max_sums", 100))
        self.flusher = Flusher(
            self.outbox,
            self.aggregate,
            region="eu",
            edge="gw-1",
            flush_ms=options.pop("flush_ms", 5),
            max_unacked=options.pop("max_unacked", 10),
            **options,
        )

    def tap(self, stream: str = "a", **counts: int) -> None:
        counts = counts or {"🔥": 1}
        self.flusher.take(stream, AT, counts, sum(counts.values()))


async def test_writes_one_valid_record_per_stream_and_window() -> None:
    setup = Setup()
    for _ in range(3):
        setup.tap("a")
    setup.tap("b")
    await until(lambda: len(setup.outbox.sent) == 2)
    topic, value, key, partition = setup.outbox.sent[0]
    assert (topic, key, partition) == ("reactions", b"a", None)
    assert value == {"v": 1, "stream_id": "a", "region": "eu", "edge": "gw-1", "at": AT, "counts": {"🔥": 3}}
    for value in setup.outbox.values:
        jsonschema.validate(value, schemas.load("reactions"))


async def test_a_traced_window_tells_how_long_its_taps_took_into_kafka() -> None:
    with collecting() as collector:
        traces = Traces.to(collector.url, "gateway", 1)
        assert traces is not None
        setup = Setup(traces=traces, clock=lambda: AT + 40)
        setup.tap("a", **{"🔥": 3})
        await until(lambda: setup.outbox.sent)
        await setup.outbox.acknowledge()
        await asyncio.to_thread(traces.close)
    (span,) = collector.of(trace_id("a", AT // 1_000 * 1_000))
    assert (span.name, span.attributes["taps"], span.attributes["edge"]) == ("taps into Kafka", 3, "gw-1")
    assert (span.began, span.ended) == (AT * 10**6, (AT + 40) * 10**6)


async def test_no_taps_make_no_record() -> None:
    setup = Setup()
    setup.flusher.take("a", AT, {}, 0)
    assert await setup.flusher.drain(1) == 0
    assert setup.outbox.sent == []


async def test_the_first_tap_after_quiet_goes_at_once_and_the_next_wait() -> None:
    setup = Setup(flush_ms=1_000)
    setup.tap()
    async with asyncio.timeout(0.9):
        await until(lambda: len(setup.outbox.sent) == 1)
    setup.tap()
    await asyncio.sleep(0.02)
    assert len(setup.outbox.sent) == 1


async def test_while_kafka_is_slow_taps_add_up_instead_of_queueing() -> None:
    setup = Setup(max_unacked=2, flush_ms=1)
    for stream in ("a", "b"):
        setup.tap(stream)
    await until(lambda: len(setup.outbox.sent) == 2)
    for _ in range(50):
        setup.tap("a")
        await asyncio.sleep(0.001)
    assert len(setup.outbox.sent) == 2
    assert setup.aggregate.waiting == 1
    await setup.outbox.acknowledge()
    await until(lambda: len(setup.outbox.sent) == 3)
    assert setup.outbox.values[2]["counts"] == {"🔥": 50}


async def test_too_much_waiting_is_refused() -> None:
    setup = Setup(max_sums=1, max_unacked=1)
    setup.tap("a")
    with pytest.raises(Refused) as refused:
        setup.tap("b")
    assert refused.value.problem.name == "too-much-waiting"


async def test_what_kafka_refused_is_sent_again() -> None:
    setup = Setup()
    setup.tap()
    await until(lambda: len(setup.outbox.sent) == 1)
    await setup.outbox.refuse()
    await until(lambda: len(setup.outbox.sent) == 2)
    assert setup.outbox.values[0] == setup.outbox.values[1]


async def test_what_kafka_may_have_is_not_sent_again() -> None:
    setup = Setup()
    setup.tap()
    await until(lambda: len(setup.outbox.sent) == 1)
    await setup.outbox.lose_track()
    assert await setup.flusher.drain(0.1) == 0
    assert len(setup.outbox.sent) == 1


async def test_drain_writes_everything_and_then_takes_nothing() -> None:
    setup = Setup(max_unacked=1)
    for stream in ("a", "b", "c"):
        setup.tap(stream)
    drain = asyncio.create_task(setup.flusher.drain(5))
    while not drain.done():
        await setup.outbox.acknowledge()
        await asyncio.sleep(0.001)
    assert await drain == 0
    assert {value["stream_id"] for value in setup.outbox.values} == {"a", "b", "c"}
    with pytest.raises(Refused) as refused:
        setup.tap()
    assert refused.value.problem.name == "stopping"


async def test_drain_says_what_was_left_at_the_deadline() -> None:
    setup = Setup(max_unacked=1)
    setup.tap("a")
    setup.tap("b")
    assert await setup.flusher.drain(0.02) == 2
