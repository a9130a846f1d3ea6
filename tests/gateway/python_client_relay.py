"""A network between a client and a gateway that can lose what the gateway answers, and then break."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Relay:
    """Carries bytes both ways; while it is `deaf`, nothing comes back from the gateway."""

    def __init__(self, url: str) -> None:
        self._port = urlsplit(url).port
        self._writers: set[asyncio.StreamWriter] = set()
        self.deaf = False
        self.swallowed = asyncio.Event()
        """Set once an answer was lost."""

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect a client to the gateway until one of them goes."""
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers |= {writer, back}
        with suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, back, is_answer=False), self._pass(there, writer, is_answer=True))
        self._writers -= {writer, back}

    def cut(self) -> None:
        """Break every connection."""
        for writer in self._writers:
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool) -> None:
        while chunk := await reader.read(65_536):
            if is_answer and self.deaf:
                self.swallowed.set()
            else:
                writer.write(chunk)
        writer.close()


@asynccontextmanager
async def relay(url: str) -> AsyncIterator[tuple[Relay, str]]:
    """Yield a relay to the gateway at `url`, and its own address."""
    carried = Relay(url)
    server = await asyncio.start_server(carried.carry, "127.0.0.1", 0)
    async with server:
        yield carried, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        carried.cut()
