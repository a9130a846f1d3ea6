"""An outbox that a test plays Kafka for."""

import asyncio
import json
from typing import Any

from gateway.kafka.outbox import NotTaken, Uncertain


class FakeOutbox:
    """Keeps what was sent, and answers when the test says so."""

    def __init__(self, partitions: int = 4) -> None:
        self.sent: list[tuple[str, dict[str, Any], bytes | None, int | None]] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._partitions = partitions

    def send(
        self, topic: str, value: bytes, *, key: bytes | None = None, partition: int | None = None
    ) -> asyncio.Future[None]:
        self.sent.append((topic, json.loads(value), key, partition))
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(written)
        return written

    def partitions(self, topic: str) -> int:
        return self._partitions

    @property
    def values(self) -> list[dict[str, Any]]:
        return [value for _, value, _, _ in self.sent]

    async def acknowledge(self) -> None:
        await self._settle(None)

    async def refuse(self) -> None:
        await self._settle(NotTaken("refused"))

    async def lose_track(self) -> None:
        await self._settle(Uncertain("lost"))

    async def _settle(self, error: Exception | None) -> None:
        waiting, self._waiting = self._waiting, []
        for written in waiting:
            if written.done():
                continue
            if error is None:
                written.set_result(None)
            else:
                written.set_exception(error)
        await asyncio.sleep(0)


async def until(condition: Any, seconds: float = 5) -> None:
    """Wait until `condition()` holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)
