"""Requests over HTTP at their time, whether those before them were answered or not.

A latency begins when the request was due, not when a connection was free for it: a stall then counts for everybody who
came meanwhile. (A client that waits for one answer before the next request measures the stall once.) Arrivals are
Poisson, as those of a crowd. The client is one `asyncio.Protocol` per connection and the parser of `httptools`, so that
it takes little of the machine that it measures.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import cast

import httptools

from ovation.audience.latencies import Latencies

LAST_ANSWER_S = 120.0
"""How long the last requests may take."""


@dataclass(slots=True)
class Answers:
    """What came of one run. `lost` are requests whose connection was closed, or that nobody answered in time."""

    latencies: Latencies = field(default_factory=Latencies)
    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    sending_s: float = 0.0

    @property
    def answered(self) -> int:
        return self.statuses.total()


class OpenLoop:
    """A pool of connections to one server. Use it as an asynchronous context manager."""

    def __init__(self, host: str, port: int, connections: int) -> None:
        self._address = (host, port)
        self._number = connections
        self._idle: list[_Connection] = []
        self._due: deque[tuple[float, bytes]] = deque()
        self._answers = Answers()
        self._settled = asyncio.Event()

    async def __aenter__(self) -> "OpenLoop":
        loop = asyncio.get_running_loop()
        for _ in range(self._number):
            await loop.create_connection(lambda: _Connection(self), *self._address)
        return self

    async def __aexit__(self, *_: object) -> None:
        for connection in self._idle:
            connection.close()

    async def run(self, requests: Iterable[bytes], per_s: float, seed: int = 1) -> Answers:
        """Send each of `requests`, whole requests of HTTP/1.1, `per_s` a second, and return when all are answered."""
        answers = self._answers = Answers()
        arrivals = Random(seed)  # noqa: S311 - a run to be had again
        began = at = time.perf_counter()
        sent = 0
        for request in requests:
            at += arrivals.expovariate(per_s)
            wait_s = at - time.perf_counter()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            sent += 1
            self._due.append((at, request))
            self._send()
        answers.sending_s = time.perf_counter() - began
        try:
            async with asyncio.timeout(LAST_ANSWER_S):
                while answers.answered + answers.lost < sent:
                    self._settled.clear()
                    await self._settled.wait()
        except TimeoutError:
            answers.lost = sent - answers.answered
        return answers

    def _send(self) -> None:
        while self._due and self._idle:
            self._idle.pop().send(*self._due.popleft())

    def free(self, connection: "_Connection") -> None:
        """Take a connection that has nothing to do."""
        self._idle.append(connection)
        self._send()

    def answer(self, latency_s: float, status: int) -> None:
        """Note an answer."""
        self._answers.latencies.add(latency_s)
        self._answers.statuses[status] += 1
        self._settled.set()

    def lose(self) -> None:
        """Note a request that will not be answered."""
        self._answers.lost += 1
        self._settled.set()


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self, pool: OpenLoop) -> None:
        self._pool = pool
        self._parser = httptools.HttpResponseParser(self)
        self._due_at: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._pool.free(self)

    def send(self, due_at: float, request: bytes) -> None:
        self._due_at = due_at
        self._transport.write(request)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Called by the parser when an answer is whole."""
        assert self._due_at is not None
        self._pool.answer(time.perf_counter() - self._due_at, self._parser.get_status_code())
        self._due_at = None
        self._pool.free(self)

    def connection_lost(self, error: Exception | None) -> None:
        if self._due_at is not None:
            self._pool.lose()
