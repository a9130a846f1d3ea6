"""A server that does nothing but write: uvloop, as under the gateway, and the same bytes to every connection.

It answers a handshake without looking at it. What the gateway takes beyond this is the price of what it does.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import cast

import uvloop

from bench.last_mile.lean_sockets import FIRST_EMOJI

_STOP_S = 10.0


class Bare:
    """The server in a process of its own."""

    def __init__(self, pipe: Connection, pid: int) -> None:
        self._pipe = pipe
        self.pid = pid
        self.port = int(pipe.recv())

    def write(self, per_s: float, seconds: float) -> dict[int, float]:
        """Write a message to every connection so often, and return when each was begun, by its number."""
        self._pipe.send((per_s, seconds))
        began = self._pipe.recv()
        assert isinstance(began, dict)
        return began


@contextmanager
def bare(frame_bytes: int) -> Iterator[Bare]:
    """Run a server whose frames are as long as asked."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, frame_bytes), daemon=True)
    process.start()
    try:
        assert process.pid is not None
        yield Bare(ours, process.pid)
    finally:
        process.kill()
        process.join(_STOP_S)


class _Connection(asyncio.Protocol):
    def __init__(self, server: "_Server") -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET "):
            self._transport.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + self._server.frame(0))
            self._server.transports.add(self._transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._server.transports.discard(self._transport)


class _Server:
    def __init__(self, frame_bytes: int) -> None:
        self._frame_bytes = frame_bytes
        self.transports: set[asyncio.Transport] = set()

    def frame(self, number: int) -> bytes:
        text = f'{{"type":"reactions","{FIRST_EMOJI}":{number}}}'.encode()
        length = max(self._frame_bytes - 4, 126)
        return bytes((0x81, 126)) + length.to_bytes(2) + text.ljust(length)

    async def run(self, pipe: Connection) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, backlog=2_048)
        pipe.send(server.sockets[0].getsockname()[1])
        wishes: asyncio.Queue[tuple[float, float]] = asyncio.Queue()
        loop.add_reader(pipe.fileno(), lambda: wishes.put_nowait(pipe.recv()))
        number = 0
        while True:
            per_s, seconds = await wishes.get()
            began: dict[int, float] = {}
            start = time.monotonic()
            for turn in range(round(per_s * seconds)):
                await asyncio.sleep(max(0.0, start + turn / per_s - time.monotonic()))
                number += 1
                began[number] = time.monotonic()
                frame = self.frame(number)
                for transport in self.transports:
                    transport.write(frame)
            pipe.send(began)


def _run(pipe: Connection, frame_bytes: int) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_Server(frame_bytes).run(pipe))
