"""How many partitions the topics have, which is Kafka's to say: `ovation migrate` may give them more at any time."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from confluent_kafka import KafkaException, Producer

from gateway.tasks import end

_AGAIN_S = 10.0
_TIMEOUT_S = 3.0


class PartitionCounts:
    """Begins with what is declared, and looks after every topic that somebody asks about. Lives on the event loop."""

    def __init__(self, declared: Mapping[str, int]) -> None:
        self._counts = dict(declared)
        self._asked: set[str] = set()
        self._first_asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, producer: Callable[[], Producer]) -> None:
        """Begin to ask the cluster of `producer()`."""
        self._task = asyncio.create_task(self._look_after(producer), name="partition-counts")

    async def close(self) -> None:
        await end(self._task)

    def of(self, topic: str) -> int:
        """Return how many partitions the topic has, as far as is known."""
        if topic not in self._asked:
            self._asked.add(topic)
            self._first_asked.set()
        return self._counts[topic]

    async def _look_after(self, producer: Callable[[], Producer]) -> None:
        while True:
            self._first_asked.clear()
            for topic in tuple(self._asked):
                with suppress(KafkaException):
                    found = await asyncio.to_thread(producer().list_topics, topic, _TIMEOUT_S)
                    # A topic that is not there yet has none.
                    self._counts[topic] = len(found.topics[topic].partitions) or self._counts[topic]
            with suppress(TimeoutError):
                async with asyncio.timeout(_AGAIN_S):
                    await self._first_asked.wait()
