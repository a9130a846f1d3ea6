"""Brings outcomes from Kafka's threads to the event loop, one wake-up for all that arrive together."""

import asyncio
import threading
from collections import deque


class Outcomes:
    """Resolves the futures of records. `post` may be called on any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._posted: deque[tuple[asyncio.Future[None], Exception | None]] = deque()

    def post(self, written: asyncio.Future[None], error: Exception | None) -> None:
        """Tell whoever waits for a record that Kafka has it, or why not."""
        with self._lock:
            self._posted.append((written, error))
            wake = len(self._posted) == 1
        if wake and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        with self._lock:
            told, self._posted = self._posted, deque()
        for written, error in told:
            if written.done():  # Whoever waited has gone.
                continue
            if error is None:
                written.set_result(None)
            else:
                written.set_exception(error)
