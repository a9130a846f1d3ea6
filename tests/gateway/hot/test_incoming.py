"""Requests that do not come, or not as HTTP: each gets an answer and loses its connection; others are not disturbed."""

import asyncio
import json

import pytest

from gateway.hot.incoming import MAX_HEAD_BYTES
from tests.gateway.hot.conftest import TAPS, VOTES, Client, Setup, request

WHOLE = request()
OTHER = request("/other", b"0123456789")


async def problem(client: Client) -> str:
    """Return the problem with which a connection ends."""
    status, head, body = await client.answer()
    assert "content-type: application/problem+json" in head
    assert "connection: close" in head
    assert await client.is_closed()
    answer = json.loads(body)
    assert answer["status"] == status
    assert f"x-request-id: {answer['request_id']}" in head
    return str(answer["type"]).removeprefix("/problems/")


@pytest.fixture
def slow_s() -> float:
    return 0.2


@pytest.mark.parametrize(
    "part",
    [
        b"P",
        WHOLE[:30],
        WHOLE[:-1],
        OTHER[:-1],
        b"POST /other HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n",
    ],
    ids=["a letter", "half a head", "a call without its end", "half a body", "no chunk"],
)
@pytest.mark.parametrize("before", [b"", WHOLE, OTHER], ids=["first", "after a call", "after another"])
async def test_what_does_not_come_whole_is_answered_in_time(setup: Setup, before: bytes, part: bytes) -> None:
    async with setup.client() as client:
        if before:
            await client.ask(before)
        client.writer.write(part)
        began = asyncio.get_running_loop().time()
        assert await problem(client) == "slow-request"
        assert asyncio.get_running_loop().time() - began < 2


async def test_drops_do_not_prolong_it(setup: Setup) -> None:
    """A slow loris sends a header now and then."""
    async with setup.client() as client:
        client.writer.write(b"GET /other HTTP/1.1\r\nhost: x\r\n")
        answer = asyncio.create_task(problem(client))
        while not answer.done():
            client.writer.write(b"x-more: 1\r\n")
            await asyncio.sleep(0.02)
        assert answer.result() == "slow-request"


async def test_a_slow_request_that_is_whole_in_time_is_served_and_the_next_has_its_own_time(setup: Setup) -> None:
    async with setup.client() as client:
        for _ in range(3):
            client.writer.write(OTHER[:20])
            await asyncio.sleep(0.12)
            assert await client.ask(OTHER[20:]) == b"usual:0123456789"


async def test_a_request_that_waits_for_the_one_before_it_is_not_slow(setup: Setup) -> None:
    setup.crowd.answers = False
    async with setup.client() as client:
        client.writer.write(request(VOTES) + OTHER[:20])
        await setup.crowd.until(1)
        await asyncio.sleep(0.5)
        setup.crowd.exchanges[0].answer(b"at last")
        assert (await client.answer())[2] == b"at last"
        client.writer.write(OTHER[20:])
        assert (await client.answer())[2] == b"usual:0123456789"


async def test_a_head_has_its_bound(setup: Setup) -> None:
    for start in (b"GET /other HTTP/1.1\r\nx: ", b"GET /other?"):
        async with setup.client() as client:
            answer = asyncio.create_task(problem(client))
            client.writer.write(start)
            sent = 0
            while not answer.done() and sent < 100 * MAX_HEAD_BYTES:
                client.writer.write(b"y" * 4_096)
                sent += 4_096
                await asyncio.sleep(0.001)
            assert await answer == "large-head"


async def test_large_cookies_pass(setup: Setup) -> None:
    assert await setup.ask(request("/other", b"x", cookie="c" * 8_000)) == b"usual:x"


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"HELO\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        TAPS.encode(),
        b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    ],
    ids=["TLS", "SMTP", "a future", "no method", "a negative length"],
)
async def test_what_is_no_http_is_a_problem(setup: Setup, raw: bytes) -> None:
    async with setup.client() as client:
        client.writer.write(raw)
        assert await problem(client) == "not-http"
