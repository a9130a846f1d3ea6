"""What the gateway asks of a Kafka client, and nothing more: another client needs only this class."""

import asyncio
from typing import Protocol


class NotTaken(Exception):  # noqa: N818 - an outcome
    """The record failed: Kafka does not have it, for certain."""


class Uncertain(Exception):  # noqa: N818 - an outcome
    """The record failed: Kafka may or may not have it."""


class Outbox(Protocol):
    """Takes records on the event loop, never blocks it, and writes them in the order given."""

    def send(
        self, topic: str, value: bytes, *, key: bytes | None = None, partition: int | None = None
    ) -> asyncio.Future[None]:
        """Hand over a record. The answer comes once Kafka has it with `acks=all`; else it is NotTaken or Uncertain."""
        ...

    def partitions(self, topic: str) -> int:
        """Return how many partitions the topic has, as far as is known."""
        ...
