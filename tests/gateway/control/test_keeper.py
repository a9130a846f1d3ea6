import asyncio
from collections.abc import Iterator

import pytest

from gateway.clock import now_ms
from gateway.control import keeper
from gateway.control.keeper import Keeper
from gateway.control.model import Poll
from gateway.control.table import ControlTable
from tests.gateway.control.the_log import Log
from tests.gateway.fake_outbox import until
from tests.gateway.records import poll, stream


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_SPREAD_S", 0.05)
    monkeypatch.setattr(keeper, "_AGAIN_S", 0.05)
    monkeypatch.setattr(keeper, "_ENDING_MS", 100)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def kept(log: Log) -> Iterator[ControlTable]:
    """Yield the table of a gateway that has a keeper."""
    table, writer = log.gateway("gw-1", clock=now_ms)
    made = Keeper(table, writer, now_ms)
    yield table
    made.close()


def standing(table: ControlTable) -> Poll:
    return table.poll("cup", "best")


async def test_a_scheduled_poll_opens_and_closes_at_its_times(log: Log, kept: ControlTable) -> None:
    opens_at = now_ms() + 100
    log.append(poll(status="scheduled", opens_at=opens_at, opened_at=None, closes_at=opens_at + 200))
    await until(lambda: standing(kept).status == "open")
    assert (standing(kept).opened_at, now_ms() >= opens_at) == (opens_at, True)
    await until(lambda: standing(kept).status == "closed")
    assert (standing(kept).closed_at, now_ms() > opens_at + 200) == (opens_at + 200, True)
    assert [record.revision for record in log.records] == [1, 2, 3]


async def test_what_a_change_has_moved_happens_at_the_new_time(log: Log, kept: ControlTable) -> None:
    soon, later = now_ms() + 100, now_ms() + 400
    log.append(poll(opened_at=now_ms(), closes_at=soon))
    log.append(poll(opened_at=now_ms(), closes_at=later, revision=2))
    await until(lambda: standing(kept).status == "closed")
    assert standing(kept).closed_at == later
    assert now_ms() > later


async def test_a_time_that_passed_while_nobody_lived_is_made_up_for(log: Log, kept: ControlTable) -> None:
    past = now_ms() - 60_000
    log.append(poll(status="paused", opened_at=past, closes_at=past + 1))
    await until(lambda: standing(kept).status == "closed")
    assert standing(kept).closed_at == past + 1


async def test_without_kafka_it_goes_on_trying(log: Log) -> None:
    table, writer = log.gateway("gw-1", deadline_s=0.05, clock=now_ms)
    made = Keeper(table, writer, now_ms)
    log.append(poll(opened_at=now_ms() - 5_000, closes_in_s=1))
    log.held = True
    await until(lambda: log.waiting == 3)
    log.release()
    await until(lambda: standing(table).status == "closed")
    made.close()


async def test_it_writes_nothing_before_everything_is_read(log: Log, kept: ControlTable) -> None:
    kept.ready = False
    log.append(poll(opened_at=now_ms() - 5_000, closes_in_s=1))
    await asyncio.sleep(0.3)
    assert len(log.records) == 1
    kept.ready = True
    await until(lambda: standing(kept).status == "closed")


async def test_polls_that_were_left_open_in_an_ended_stream_end(log: Log, kept: ControlTable) -> None:
    log.append(stream())
    log.append(poll(opened_at=now_ms()))
    log.append(poll(poll_id="draft", status="draft", opened_at=None))
    log.append(stream(status="ended", ended_at=now_ms(), revision=2))
    await until(lambda: [each.status for each in kept.polls("cup")] == ["closed", "cancelled"])
