"""Brings outcomes from Kafka's threads to the event loop, one wake-up for all that arrive together."""

import asyncio
import threading
from collections import deque

from gateway.kafka.outbox import Outgoing


class Outcomes:
    """Resolves `Outgoing.written`. `post` may be called on any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._posted: deque[tuple[Outgoing, Exception | None]] = deque()

    def post(self, record: Outgoing, error: Exception | None) -> None:
        """Tell whoever waits for the record that Kafka has it, or why not."""
        with self._lock:
            self._posted.append((record, error))
            wake = len(self._posted) == 1
        if wake and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        with self._lock:
            told, self._posted = self._posted, deque()
        for record, error in told:
            if record.written.done():  # Whoever waited has gone.
                continue
            if error is None:
                record.written.set_result(None)
            else:
                record.written.set_exception(error)
