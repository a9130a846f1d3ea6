"""The silence of an event stream, which proxies and clients would cut."""

import asyncio
from typing import cast

import pytest

from gateway.live import event_stream
from gateway.live.event_stream import EventStream
from gateway.live.wire import Taker, Wire
from tests.gateway.live.paper import PaperWire
from tests.gateway.live.test_hub import Setup


class Connection(PaperWire):
    def hand_to(self, taker: Taker) -> None:
        self.taker = taker


async def test_a_comment_says_that_it_lives_unless_something_waits_anyway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT_S", 0.01)
    connection, setup = Connection(), Setup()
    stream = EventStream(cast(Wire, connection), setup.hub, interval_s=0.02, slow_s=10, is_viewer=True)
    stream.start()
    async with asyncio.timeout(5):
        while b":" not in connection.lines:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    stream.paused()
    connection.lines.clear()
    await asyncio.sleep(0.05)
    assert not connection.lines
    stream.lost()
    assert not setup.hub.watched
