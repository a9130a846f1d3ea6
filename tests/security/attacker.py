"""What an attacker writes: bytes on a connection, without a library that would mend them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.gateway.api import Api


@dataclass
class Reply:
    """A problem, {} where there is none, and how long it was waited for."""

    status: int
    head: str
    body: dict[str, Any]
    seconds: float

    @property
    def problem(self) -> str:
        return str(self.body.get("type", "")).removeprefix("/problems/")


class Connection:
    """One connection to a gateway, from `source` if that is given."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def write(self, raw: bytes) -> None:
        if not self.writer.is_closing():
            self.writer.write(raw)

    async def reply(self, began: float | None = None) -> Reply:
        """Return the next answer. Raises what asyncio does where there is none."""
        loop = asyncio.get_running_loop()
        began = loop.time() if began is None else began
        async with asyncio.timeout(20):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            seconds = loop.time() - began
            length = next(
                (int(line.split(":")[1]) for line in head.lower().splitlines() if line.startswith("content-length:")), 0
            )
            body = await self.reader.readexactly(length)
        is_json = "json" in head
        return Reply(int(head.split()[1]), head, json.loads(body) if is_json and body else {}, seconds)

    async def ask(self, raw: bytes) -> Reply:
        began = asyncio.get_running_loop().time()
        self.write(raw)
        return await self.reply(began)


@asynccontextmanager
async def connection(api: Api, source: str | None = None) -> AsyncIterator[Connection]:
    host, port = api.url.removeprefix("http://").split(":")
    local = None if source is None else (source, 0)
    reader, writer = await asyncio.open_connection(host, int(port), local_addr=local)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def post(path: str, body: bytes, token: str, *, chunked: bool = False, **headers: str) -> bytes:
    """Return a request; in chunks it takes the gateway's usual way, else its short one where there is one."""
    framing = "transfer-encoding: chunked" if chunked else f"content-length: {len(body)}"
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{framing}\r\n{more}\r\n".encode()
    return head + (b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if chunked else body)


def memory_kib(pid: int) -> int:
    """Return how much memory a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
