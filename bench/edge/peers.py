"""Peers of the gateway: uvicorn as the gateway runs it, with an application that does less, or does it the common way.

`bare` answers every request with 204 and looks at nothing. `decoding` takes frames of a socket, decodes each, and does
no more; only to `{"type": "ping"}` it answers, so that a client knows that it has come so far. `plain` is the gateway's
taps as one would first write them (bench.edge.plain). `echo` is no server of HTTP: an `asyncio.Protocol` that takes the
same bytes and answers as many frames as came, with the length of the gateway's answers and without looking into them.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import uvicorn
import uvloop

from contracts.limits import MAX_BODY_BYTES
from local import ready
from local.part import Part
from local.paths import PYTHON
from local.ports import free_ports
from local.running import running
from local.settings import StackSettings

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    address: tuple[str, int]
    pid: int


async def bare(scope: dict[str, Any], _receive: Receive, send: Send) -> None:
    """Answer 204."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def decoding(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Decode every frame, and answer pings."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if json.loads(event["text"])["type"] == "ping":
            await send({"type": "websocket.send", "text": '{"type":"ack"}'})


class Echo(asyncio.Protocol):
    """Answers the handshake, then frames by their number alone."""

    _ANSWER = b"\x81\x3d" + b'{"type":"ack","id":null,"counted":20,"window":1700000000000}'.ljust(61)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET "):
            self._transport.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
            return
        at, frames, end = 0, 0, len(data)
        while at + 2 <= end:
            at += 6 + (data[at + 1] & 0x7F)  # Frames here are short, and come whole.
            frames += 1
        self._transport.write(self._ANSWER * frames)


async def _serve_echo(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", port)
    await server.serve_forever()


@contextmanager
def serving(name: str, settings: StackSettings, **env: str) -> Iterator[Server]:
    """Run one of the peers, told more by its environment, until the block is left."""
    (port,) = free_ports(1)
    part = Part(
        name=f"{name}-{port}",
        address=f"http://127.0.0.1:{port}",
        command=(str(PYTHON), "-m", "bench.edge.peers", name, str(port)),
        ready=lambda: ready.accepts(port),
        env=env,
    )
    with running(part, settings) as process:
        yield Server(("127.0.0.1", port), process.pid)


def _app(name: str) -> Any:
    if name == "plain":
        from bench.edge.plain import create_app  # noqa: PLC0415 - the other peers need no framework

        return create_app()
    return {"bare": bare, "decoding": decoding}[name]


def _run(name: str, port: int) -> None:
    if name == "echo":
        uvloop.run(_serve_echo(port))
        return
    uvicorn.run(
        _app(name),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=MAX_BODY_BYTES,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=75,
    )


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]))
