"""A connection that nobody uses is closed after a while, and no other is."""

import asyncio

import pytest

from tests.gateway.hot.conftest import VOTES, Client, Setup, request

IDLE_S = 0.3
CALL = request()
OTHER = request("/other", b"0123456789")


@pytest.fixture
def idle_s() -> float:
    return IDLE_S


async def closed_after(client: Client) -> float:
    """Return how long a connection stays open."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await client.is_closed()
    return loop.time() - began


@pytest.mark.parametrize("before", [[], [CALL], [OTHER], [CALL, OTHER, CALL]], ids=["unused", "call", "other", "both"])
async def test_it_is_closed_when_idle_for_so_long(setup: Setup, before: list[bytes]) -> None:
    async with setup.client() as client:
        for raw in before:
            await client.ask(raw)
            await asyncio.sleep(IDLE_S * 0.6)
            await client.ask(raw)
        assert IDLE_S * 0.9 < await closed_after(client) < IDLE_S * 5


@pytest.mark.parametrize("raw", [CALL, OTHER], ids=["call", "other"])
async def test_it_stays_open_while_it_is_used(setup: Setup, raw: bytes) -> None:
    async with setup.client() as client:
        for _ in range(6):
            await client.ask(raw)
            await asyncio.sleep(IDLE_S * 0.6)


async def test_who_waits_for_an_answer_is_not_idle(setup: Setup) -> None:
    setup.crowd.answers = False
    async with setup.client() as client:
        client.writer.write(request(VOTES))
        await setup.crowd.until(1)
        await asyncio.sleep(IDLE_S * 2)
        setup.crowd.exchanges[0].answer(b"at last")
        assert (await client.answer())[2] == b"at last"
        assert IDLE_S * 0.9 < await closed_after(client) < IDLE_S * 5


async def test_a_request_that_comes_slowly_is_not_idle(setup: Setup) -> None:
    async with setup.client() as client:
        client.writer.write(OTHER[:20])
        await asyncio.sleep(IDLE_S * 2)
        assert await client.ask(OTHER[20:]) == b"usual:0123456789"


async def test_a_socket_has_no_such_timer(setup: Setup) -> None:
    async with setup.client() as client:
        client.writer.write(request("/other", b"", method="GET", connection="upgrade", upgrade="websocket"))
        await client.reader.readuntil(b"\r\n\r\n")  # Whatever the application says of it.
        assert setup.protocols[0].timeout_keep_alive_task is None
