"""One stream of server-sent events: what a socket shows, for who only watches and wants plain HTTP."""

import asyncio
import random
from collections.abc import Iterable
from typing import Any

from gateway import metrics
from gateway.live import message
from gateway.live.message import Message, News, chunk_of
from gateway.live.screen import Screen

HEARTBEAT_S = 15.0
"""How often a comment says that the connection lives: proxies and clients cut what is silent for longer."""
_RETRY_MS = (1_000, 4_000)
"""When a client comes again whose connection broke: not all at once."""

_COMMENT = chunk_of(b":\n\n")


class EventStream(Screen):
    """A screen in the body of an HTTP answer, whose head has been sent."""

    __slots__ = ("_heartbeat",)

    def __init__(self, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        self._heartbeat: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Take the wire: show everything, and from then on what changes."""
        metrics.EVENT_STREAMS.inc()
        self._wire.hand_to(self)
        retry_ms = random.randint(*_RETRY_MS)  # noqa: S311 - jitter guards nothing
        self._wire.write(chunk_of(b"retry: %d\n\n" % retry_ms))
        self._stage.join(self)
        self._beat_later()

    def took(self, frame: str | bytes) -> None:
        """Nobody talks here."""

    def bytes_of(self, news: News) -> bytes:
        """Return events."""
        return news.chunks

    def joined(self, messages: Iterable[Message]) -> bytes:
        """Return events."""
        return message.chunks_of(messages)

    def _beat_later(self) -> None:
        self._heartbeat = asyncio.get_running_loop().call_later(HEARTBEAT_S, self._beat)

    def _beat(self) -> None:
        if self._mailbox is None:
            self._wire.write(_COMMENT)
        self._beat_later()

    def _end(self) -> None:
        super()._end()
        metrics.EVENT_STREAMS.dec()
        if self._heartbeat is not None:
            self._heartbeat.cancel()
