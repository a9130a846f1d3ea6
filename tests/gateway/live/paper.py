"""A screen on paper: what is written to it can be read line by line, and its peer falls behind when a test says so."""

import asyncio
import json
from collections import deque
from collections.abc import Iterable
from typing import Any, cast

from gateway.live.message import Message, News
from gateway.live.screen import Screen, Stage
from gateway.live.wire import Wire


class PaperWire:
    """Stands where a connection's wire is."""

    def __init__(self) -> None:
        self.lines: deque[bytes] = deque()
        self.closed: tuple[int, str] | None = None
        self.unsent = 0
        self._written = asyncio.Event()

    def write(self, data: bytes) -> None:
        self.lines.extend(data.splitlines())
        self._written.set()

    def waiting_bytes(self) -> int:
        return self.unsent

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    async def next(self) -> dict[str, Any]:
        """Return the next message that was written; wait for it if there is none. Raises TimeoutError."""
        async with asyncio.timeout(5):
            while not self.lines:
                self._written.clear()
                await self._written.wait()
        message: dict[str, Any] = json.loads(self.lines.popleft())
        return message


class Paper(Screen):
    """A screen whose bytes are a line for each message."""

    def __init__(self, stage: Stage, *, interval_s: float = 0.005, slow_s: float = 10, is_viewer: bool = True) -> None:
        self.paper = PaperWire()
        super().__init__(cast(Wire, self.paper), stage, interval_s=interval_s, slow_s=slow_s, is_viewer=is_viewer)

    def bytes_of(self, news: News) -> bytes:
        return self.joined(news.messages.values())

    def joined(self, messages: Iterable[Message]) -> bytes:
        return b"".join(message.body + b"\n" for message in messages)

    async def next(self) -> dict[str, Any]:
        """Return the next message that this screen is shown."""
        return await self.paper.next()

    @property
    def is_quiet(self) -> bool:
        """Whether everything that was shown has been read."""
        return not self.paper.lines
