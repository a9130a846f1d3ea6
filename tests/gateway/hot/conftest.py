"""The protocol on a real socket, before a crowd that does as a test says and an application that says what it got."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from gateway.hot.call import Call
from gateway.hot.exchange import Exchange
from gateway.hot.protocol import HttpProtocol

TAPS = "/v1/streams/cup/reactions"
VOTES = "/v1/streams/cup/polls/best/votes"


async def usual(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    await Response(b"usual:" + await request.body())(scope, receive, send)


@dataclass
class FakeCrowd:
    """Answers a call with its body, or keeps the exchange while `answers` is False."""

    is_free: bool = True
    answers: bool = True
    calls: list[Call] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)

    def takes(self, _: Call) -> bool:
        return self.is_free

    def answer(self, call: Call, exchange: Exchange) -> None:
        self.calls.append(call)
        self.exchanges.append(exchange)
        if self.answers:
            exchange.answer(b"crowd:" + call.body)

    async def until(self, calls: int) -> None:
        async with asyncio.timeout(10):
            while len(self.calls) < calls:  # noqa: ASYNC110
                await asyncio.sleep(0.001)


def request(
    path: str = TAPS, body: bytes = b"{}", *, method: str = "POST", version: str = "1.1", **headers: str
) -> bytes:
    lines = {"host": "x", "content_length": str(len(body)), **headers}
    text = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items() if value)
    return f"{method} {path} HTTP/{version}\r\n{text}\r\n".encode() + body


class Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def answer(self) -> tuple[int, str, bytes]:
        """Return status, head and body of the next answer."""
        async with asyncio.timeout(10):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            found = re.search(r"content-length: (\d+)", head)
            assert found, head
            return int(head.split()[1]), head, await self.reader.readexactly(int(found[1]))

    async def ask(self, raw: bytes) -> bytes:
        """Return the body of the answer to one request."""
        self.writer.write(raw)
        return (await self.answer())[2]

    async def is_closed(self) -> bool:
        async with asyncio.timeout(10):
            return await self.reader.read() == b""


@dataclass
class Setup:
    crowd: FakeCrowd
    protocols: list[HttpProtocol]
    port: int

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        yield client
        client.writer.close()

    async def ask(self, raw: bytes) -> bytes:
        async with self.client() as client:
            return await client.ask(raw)


@pytest.fixture
async def setup(trusted: str, slow_s: float, idle_s: Any) -> AsyncIterator[Setup]:
    config = uvicorn.Config(
        usual,
        http="httptools",
        server_header=False,
        forwarded_allow_ips=trusted,
        log_config=None,
        timeout_keep_alive=idle_s,
    )
    config.load()
    crowd: Any = FakeCrowd()
    protocols = []

    def protocol() -> HttpProtocol:
        made = HttpProtocol(crowd=crowd, slow_s=slow_s, config=config, server_state=ServerState(), app_state={})
        protocols.append(made)
        return made

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    async with server:
        yield Setup(crowd, protocols, server.sockets[0].getsockname()[1])


@pytest.fixture
def trusted() -> str:
    return "127.0.0.1"


@pytest.fixture
def slow_s() -> float:
    return 10


@pytest.fixture
def idle_s() -> float:
    return 10
