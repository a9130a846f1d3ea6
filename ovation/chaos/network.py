"""The network between the crowd and the gateways, which can be cut, slow, or silent.

A relay stands before each gateway, in the process of the crowd. Cut, connections break and none is made; silent, they
stay and nothing passes, as with a phone in a tunnel; slow, everything is late, and comes a little at a time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 16_384
SLOW_S = 0.3
"""What passes is so late, each way."""
SLOW_BYTES_PER_S = 64_000
"""Of one connection, each way."""

_Take = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


class Network:
    """Between `relaying` and its end there is one. Everything else may be called from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._passes = asyncio.Event()
        self._passes.set()
        self._is_cut = False
        self._is_slow = False
        self._open: set[asyncio.StreamWriter] = set()
        self._taking: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def relaying(self, urls: Sequence[str]) -> AsyncIterator[list[str]]:
        """Stand before the gateways at `urls` while the block runs; yield the addresses that viewers are given."""
        self._loop = asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            given = []
            for url in urls:
                target = urlsplit(url)
                server = await stack.enter_async_context(
                    await asyncio.start_server(self._taker(target.hostname or "", target.port or 80), "127.0.0.1", 0)
                )
                given.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            yield given
            self.mend()
            self._abort()
            await asyncio.gather(*self._taking)
        self._loop = None

    def cut(self) -> None:
        """Break every connection, and every new one, until it is mended."""
        self._is_cut = True
        self._call(self._abort)

    def slow(self) -> None:
        """Be slow until it is mended."""
        self._is_slow = True

    def silence(self) -> None:
        """Let nothing pass until it is mended."""
        self._call(self._passes.clear)

    def mend(self) -> None:
        """Be well."""
        self._is_cut = self._is_slow = False
        self._call(self._passes.set)

    def _call(self, what: Callable[[], object]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(what)

    def _abort(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    def _taker(self, host: str, port: int) -> _Take:
        async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if self._is_cut:
                writer.transport.abort()
                return
            try:
                there_reader, there_writer = await asyncio.open_connection(host, port)
            except OSError:
                writer.transport.abort()
                return
            pair = {writer, there_writer}
            self._open |= pair
            try:
                await asyncio.gather(self._pass(reader, there_writer), self._pass(there_reader, writer))
            finally:
                self._open -= pair
                for each in pair:
                    each.transport.abort()

        def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(relay(reader, writer))
            self._taking.add(task)
            task.add_done_callback(self._taking.discard)

        return take

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what comes, until it ends or breaks."""
        with suppress(OSError, RuntimeError):  # The latter is uvloop's, for a connection that is closed.
            while data := await reader.read(CHUNK):
                await self._passes.wait()
                if self._is_slow:
                    await asyncio.sleep(SLOW_S + len(data) / SLOW_BYTES_PER_S)
                writer.write(data)
                await writer.drain()
        with suppress(OSError, RuntimeError):
            writer.close()
