import asyncio

import pytest

from gateway.control import repair
from tests.gateway.control.the_log import Log
from tests.gateway.fake_outbox import until
from tests.gateway.records import poll

WON, LOST = poll(edge="gw-1", revision=2), poll(edge="gw-2", revision=2, status="closed")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "_PATIENCE_S", 0.2)
    monkeypatch.setattr(repair, "_SPREAD_S", 0.1)


async def test_the_gateway_that_lost_writes_what_stands_at_once() -> None:
    log = Log()
    log.gateway("gw-1"), log.gateway("gw-2")
    log.append(WON)
    log.append(LOST)
    assert log.records == [WON, LOST]
    await asyncio.sleep(0.1)
    assert log.records == [WON, LOST, WON]
    # Nobody else needs to, and what is written again is no reason to write more.
    await asyncio.sleep(0.5)
    assert log.records == [WON, LOST, WON]


async def test_another_gateway_does_when_that_one_is_dead() -> None:
    log = Log()
    log.gateway("gw-1"), log.gateway("gw-3")
    log.append(WON)
    log.append(LOST)
    await asyncio.sleep(0.1)
    assert log.records == [WON, LOST]
    await until(lambda: log.records[-1] == WON)
    late, _ = log.gateway("gw-4")
    assert late.poll("cup", "best") == WON


async def test_a_newer_record_is_a_repair_too() -> None:
    log = Log()
    log.gateway("gw-1")
    newer = poll(edge="gw-1", revision=3)
    for record in (WON, LOST, newer):
        log.append(record)
    await asyncio.sleep(0.5)
    assert log.records == [WON, LOST, newer]


async def test_it_goes_on_until_the_log_has_it() -> None:
    log = Log()
    log.gateway("gw-2")
    log.append(WON)
    log.held = True
    log.append(LOST)
    await until(lambda: log.waiting == 2)
    log.release()
    assert log.records[:3] == [WON, LOST, WON]


async def test_nothing_is_repaired_while_the_past_is_read() -> None:
    log = Log()
    table, _ = log.gateway("gw-2")
    table.ready = False
    log.append(WON)
    log.append(LOST)
    await asyncio.sleep(0.1)
    assert log.records == [WON, LOST]
    table.ready = True
    await until(lambda: log.records[-1] == WON)
