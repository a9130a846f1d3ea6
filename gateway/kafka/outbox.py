"""What the gateway asks of a Kafka client, and nothing more: another client needs only this class."""

import asyncio
import time
from dataclasses import dataclass
from typing import Protocol


@dataclass(slots=True, eq=False)
class Outgoing:
    """One record on its way. `written` resolves once Kafka has it with `acks=all`; else it fails, see below."""

    topic: str
    value: bytes
    written: asyncio.Future[None]
    key: bytes | None = None
    partition: int | None = None
    deadline: float | None = None
    """`time.monotonic()` after which it need not be sent any more; None: never give up."""

    @property
    def overdue(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline


class NotTaken(Exception):  # noqa: N818 - an outcome
    """The record failed: Kafka does not have it, for certain."""


class Uncertain(Exception):  # noqa: N818 - an outcome
    """The record failed: Kafka may or may not have it."""


class Outbox(Protocol):
    """Takes records on the event loop, never blocks it, and writes them in the order given."""

    def send(
        self, topic: str, value: bytes, *, key: bytes | None = None, partition: int | None = None
    ) -> asyncio.Future[None]:
        """Hand over a record; see `Outgoing.written` for the answer."""
        ...

    def partitions(self, topic: str) -> int:
        """Return how many partitions the topic has, as far as is known."""
        ...
