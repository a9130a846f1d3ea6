"""What goes to the crowd, what takes the usual way, and what a connection does meanwhile."""

import asyncio

import pytest

from contracts.limits import MAX_BODY_BYTES
from gateway import problems
from gateway.refusal import Refused
from tests.gateway.hot.conftest import TAPS, VOTES, Setup, request


async def test_a_call_arrives_whole(setup: Setup) -> None:
    raw = request(VOTES, b'{"choices":["1"]}', authorization="Bearer abc")
    async with setup.client() as client:
        for piece in (raw[:30], raw[30:-9], raw[-9:-1]):
            client.writer.write(piece)
            await client.writer.drain()
        assert await client.ask(raw[-1:]) == b'crowd:{"choices":["1"]}'
    (call,) = setup.crowd.calls
    assert (call.stream_id, call.poll_id, call.authorization, call.host) == ("cup", "best", "Bearer abc", "127.0.0.1")


async def test_taps_are_a_call_without_a_poll(setup: Setup) -> None:
    await setup.ask(request(TAPS))
    assert (setup.crowd.calls[0].stream_id, setup.crowd.calls[0].poll_id) == ("cup", None)


@pytest.mark.parametrize(
    "raw",
    [
        request(method="GET"),
        request(VOTES, method="DELETE"),
        request("/v1/streams/cup/live"),
        request(TAPS + "?a=1"),
        request(TAPS + "/"),
        request("/v1/streams/c%75p/reactions"),
        request("http://x" + TAPS),
        request(version="1.0", connection="keep-alive"),
        request(idempotency_key="k"),
        request(body=b"x" * (MAX_BODY_BYTES + 1)),
        request(body=b"", content_length=""),
    ],
)
async def test_what_is_unusual_takes_the_usual_way(setup: Setup, raw: bytes) -> None:
    assert (await setup.ask(raw)).startswith(b"usual:")
    assert setup.crowd.calls == []


async def test_a_body_in_chunks_takes_the_usual_way(setup: Setup) -> None:
    raw = request(body=b"", content_length="", transfer_encoding="chunked") + b"2\r\n{}\r\n0\r\n\r\n"
    assert await setup.ask(raw) == b"usual:{}"


async def test_what_the_crowd_does_not_take_goes_on_whole(setup: Setup) -> None:
    setup.crowd.is_free = False
    async with setup.client() as client:
        assert await client.ask(request(VOTES, b"first")) == b"usual:first"
        setup.crowd.is_free = True
        assert await client.ask(request(VOTES, b"second")) == b"crowd:second"


async def test_pipelined_requests_are_answered_in_their_order(setup: Setup) -> None:
    setup.crowd.answers = False
    async with setup.client() as client:
        client.writer.write(request(VOTES, b"1") + request(VOTES, b"2") + request("/v1/streams", b"3"))
        await setup.crowd.until(1)
        setup.crowd.exchanges[0].answer(b"crowd:1")
        # While one is answered, those behind it wait on the usual way.
        assert [(await client.answer())[2] for _ in range(3)] == [b"crowd:1", b"usual:2", b"usual:3"]


async def test_an_answer_says_what_it_is(setup: Setup) -> None:
    async with setup.client() as client:
        client.writer.write(request())
        status, head, _ = await client.answer()
    assert status == 202
    assert "content-type: application/json\r\n" in head
    assert head.startswith("HTTP/1.1 202 Accepted\r\n")


async def test_a_refusal_is_a_problem(setup: Setup) -> None:
    setup.crowd.answers = False
    async with setup.client() as client:
        client.writer.write(request())
        await setup.crowd.until(1)
        setup.crowd.exchanges[0].refuse(Refused(problems.RATE_LIMITED, retry_after_s=3, headers={"ratelimit": "x"}))
        status, head, body = await client.answer()
    assert status == 429
    for line in ("content-type: application/problem+json", "retry-after: 3", "ratelimit: x", "cache-control: no-store"):
        assert f"\r\n{line}\r\n" in head
    assert b'"type":"/problems/rate-limited"' in body


async def test_a_connection_is_closed_where_the_client_asks_for_it(setup: Setup) -> None:
    async with setup.client() as client:
        client.writer.write(request(connection="close"))
        assert "connection: close\r\n" in (await client.answer())[1]
        assert await client.is_closed()


async def test_a_stopping_gateway_answers_first(setup: Setup) -> None:
    setup.crowd.answers = False
    async with setup.client() as client:
        client.writer.write(request())
        await setup.crowd.until(1)
        setup.protocols[0].shutdown()
        setup.crowd.exchanges[0].answer(b"crowd")
        assert (await client.answer())[2] == b"crowd"
        assert await client.is_closed()


async def test_who_has_gone_is_not_answered(setup: Setup) -> None:
    setup.crowd.answers = False
    async with setup.client() as client:
        client.writer.write(request())
        await setup.crowd.until(1)
    exchange = setup.crowd.exchanges[0]
    async with setup.client() as other:
        # By the time that another one is answered the connection is known to be lost.
        setup.crowd.answers = True
        await other.ask(request())
    exchange.answer(b"crowd")
    assert exchange.response_complete


async def test_who_takes_no_answers_is_left_to_the_usual_way(setup: Setup) -> None:
    async with setup.client() as client:
        await client.ask(request())
        (protocol,) = setup.protocols
        protocol.pause_writing()
        client.writer.write(request())
        async with asyncio.timeout(10):
            while protocol.cycle is setup.crowd.exchanges[0]:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        protocol.resume_writing()
        assert (await client.answer())[2] == b"usual:{}"


@pytest.mark.parametrize(
    ("trusted", "forwarded", "host"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7, 127.0.0.1", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("10.0.0.1", "203.0.113.7", "127.0.0.1"),
    ],
)
async def test_a_trusted_proxy_says_whom_it_calls_for(setup: Setup, trusted: str, forwarded: str, host: str) -> None:
    await setup.ask(request(x_forwarded_for=forwarded))
    assert setup.crowd.calls[0].host == host
