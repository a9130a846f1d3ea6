import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from ovation.chaos.network import SLOW_S, Network


@dataclass
class Setup:
    network: Network
    port: int

    async def ask(self) -> tuple[bytes, float]:
        """Return what an echo behind the network answers on a new connection, and the seconds it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(b"taps")
            return await reader.read(100), loop.time() - began
        finally:
            writer.close()


@pytest.fixture
async def setup() -> AsyncIterator[Setup]:
    echoing: set[asyncio.Task[None]] = set()

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(100):
                writer.write(data)
        writer.close()

    network = Network()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        echoing.add(asyncio.create_task(echo(reader, writer)))

    async with await asyncio.start_server(begin, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with network.relaying([f"http://127.0.0.1:{port}"]) as (url,):
            yield Setup(network, int(url.rpartition(":")[2]))
        await asyncio.gather(*echoing)


async def test_it_passes_on_what_comes(setup: Setup) -> None:
    assert (await setup.ask())[0] == b"taps"


async def test_cut_it_breaks_old_and_new_connections(setup: Setup) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", setup.port)
    writer.write(b"x")
    assert await reader.read(100) == b"x"
    await asyncio.to_thread(setup.network.cut)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()
    with suppress(ConnectionError):
        assert (await setup.ask())[0] == b"", "it ends, and nothing has come"
    setup.network.mend()
    assert (await setup.ask())[0] == b"taps"


async def test_silent_it_lets_nothing_pass_until_it_is_mended(setup: Setup) -> None:
    setup.network.silence()
    asked = asyncio.create_task(setup.ask())
    await asyncio.sleep(0.1)
    assert not asked.done()
    setup.network.mend()
    assert (await asked)[0] == b"taps"


async def test_slow_it_is_late_each_way(setup: Setup) -> None:
    setup.network.slow()
    answer, seconds = await setup.ask()
    assert answer == b"taps"
    assert seconds > 2 * SLOW_S
