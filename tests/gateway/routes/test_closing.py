"""Each code by which a gateway closes a socket, over real sockets: what a page and a program learn."""

import asyncio
import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import jwt
import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from contracts.limits import MAX_BODY_BYTES
from local import ready
from local.ports import free_ports
from tests.gateway.api import Api
from tests.gateway.processes import TOKEN_SECRET, gateway, until
from tests.gateway.tabs import open_tab, welcomed


@pytest.fixture(scope="module")
def strict_url(bootstrap: str, redis_url: str, folder: Path) -> Iterator[str]:
    """Yield a gateway with little patience."""
    process, url = gateway(bootstrap, redis_url, folder, slow_socket_s=1, limit_viewer_requests_per_s=5)
    process.start()
    yield url
    assert process.stop() == 0


@pytest.fixture
def strict(session: aiohttp.ClientSession, strict_url: str) -> Api:
    return Api(session, strict_url)


def signed(stream: str, **claims: object) -> str:
    """Return a token that the gateway did not make itself."""
    usual = {"aud": "ovation", "sub": "v", "stream": stream, "role": "viewer", "exp": int(time.time()) + 60}
    return jwt.encode({**usual, **claims}, TOKEN_SECRET, algorithm="HS256")


async def page_closed(
    api: Api, stream: str, token: str | None, origin: str | None = None, **query: str
) -> tuple[int | None, str | None]:
    """Return how the socket of a page is closed at once."""
    tab = await open_tab(api, stream, token, headers={"origin": origin or api.url}, query=query)
    assert tab.socket.protocol == "ovation.v1"
    return await tab.end()


async def test_pages_learn_why_they_are_refused(api: Api) -> None:
    stream, other = await api.stream(), await api.stream()
    token = await api.token(stream)
    assert await page_closed(api, stream, None) == (4401, "missing-token")
    assert await page_closed(api, stream, "garbage") == (4401, "bad-token")
    assert await page_closed(api, stream, signed(stream, exp=int(time.time()) - 1)) == (4401, "expired-token")
    assert await page_closed(api, other, token) == (4403, "foreign-token")
    for origin in ("null", "https://evil.example", api.url.replace("127.0.0.1", "localhost"), f"{api.url}.example"):
        assert await page_closed(api, stream, token, origin) == (4403, "foreign-origin")
    assert await page_closed(api, "gone", signed("gone")) == (4404, "unknown-stream")
    assert await page_closed(api, stream, token, session="short") == (4400, "invalid-field")
    assert await page_closed(api, stream, token, interval_ms="1") == (4400, "invalid-field")
    page = await open_tab(api, stream, token, headers={"origin": api.url})
    assert (await page.next("snapshot"))["stream_id"] == stream
    await page.socket.close()


async def test_programs_learn_it_from_http(api: Api) -> None:
    stream = await api.stream()
    for token, status in ((None, 401), ("garbage", 401), (signed("gone"), 403)):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await open_tab(api, stream, token)
        assert refused.value.status == status
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await open_tab(api, "gone", signed("gone"))
    assert refused.value.status == 404


async def test_a_token_ends_while_its_socket_is_open(api: Api) -> None:
    stream = await api.stream()
    ends_s = int(time.time()) + 2
    tab = await welcomed(api, stream, signed(stream, exp=ends_s))
    assert tab.welcome["expires_at"] == ends_s * 1000
    lasting = await welcomed(api, stream, signed(stream))
    assert await tab.end() == (4401, "expired-token")
    assert 0 <= time.time() - ends_s < 3
    await lasting.tap(1)
    assert (await lasting.answer())["type"] == "ack"
    await lasting.socket.close()


async def test_bad_frames_are_answered_one_by_one_and_then_end_it(api: Api) -> None:
    stream = await api.stream()
    bad: list[str | bytes] = [
        "{", "[]", '"text"', "null", "[" * 8_000, '{"a":' * 3_000, b"\xff\x00", b"[]", "",
        '{"type": "dance", "id": 1}', '{"type": "ack", "id": 1}', '{"type": ["react"]}', '{"id": 1}',
        '{"type": "react", "id": 1}', '{"type": "react", "counts": []}', f'{{"type": "ping", "id": {10**300}}}',
        '{"type": "vote", "id": 1, "poll_id": "p", "choices": "1"}', '{"type": "ping", "id": {"deep": 1}}',
        '{"type": "react", "counts": {"🔥": 1e400}}', '{"type": "withdraw"}', "{}",
    ]  # fmt: skip
    assert len(bad) == 21
    tab = await welcomed(api, stream, await api.token(stream))
    for frame in bad:
        await (tab.socket.send_bytes(frame) if isinstance(frame, bytes) else tab.socket.send_str(frame))
        answer = await tab.answer()
        assert answer["problem"] in {"/problems/not-json", "/problems/unknown-frame", "/problems/invalid-field"}, frame
        assert answer["id"] in {None, 1}
    assert await tab.end() == (4400, "bad-frames")


async def test_a_good_binary_frame_is_taken_as_a_text(api: Api) -> None:
    stream = await api.stream()
    tab = await welcomed(api, stream, await api.token(stream))
    await tab.socket.send_bytes(json.dumps({"type": "react", "id": 1, "counts": {"🔥": 1}}).encode())
    assert (await tab.answer())["counted"] == 1
    await tab.socket.close()


async def test_frames_out_of_order_end_a_session(api: Api) -> None:
    stream = await api.stream()
    tab = await welcomed(api, stream, await api.token(stream), "s" * 16)
    for _ in range(22):
        await tab.tap(5)
    assert (await tab.answer())["counted"] == 1
    for _ in range(21):
        assert (await tab.answer())["problem"] == "/problems/wrong-order"
    assert await tab.end() == (4400, "bad-frames")


async def test_a_frame_that_is_too_large_ends_it(api: Api) -> None:
    stream = await api.stream()
    tab = await welcomed(api, stream, await api.token(stream))
    await tab.socket.send_str(" " * (MAX_BODY_BYTES - 2) + "{}")
    assert (await tab.answer())["problem"] == "/problems/unknown-frame"
    await tab.socket.send_str("x" * (MAX_BODY_BYTES + 1))
    assert await tab.end() == (1009, "too-large")


async def test_who_does_not_stop_though_told_to_wait_is_closed(strict: Api) -> None:
    stream = await strict.stream()
    token = await strict.token(stream)
    tab = await welcomed(strict, stream, token)
    problems = set()
    for number in range(60):
        await tab.say(type="ping", id=number)
        problems.add((await tab.answer()).get("problem"))
    assert problems == {None, "/problems/rate-limited"}
    for number in range(300):
        await tab.say(type="ping", id=number)
    assert await tab.end() == (4429, "too-many-frames")
    assert await page_closed(strict, stream, token) == (4429, "rate-limited")


async def test_who_takes_nothing_is_closed(strict: Api, redis_url: str) -> None:
    emojis = [f"{number:016}" for number in range(30)]
    stream = await strict.stream(emojis=emojis)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        host, port = strict.url.removeprefix("http://").split(":")
        slow.connect((host, int(port)))
        slow.sendall(
            f"GET /v1/streams/{stream}/ws?interval_ms=20 HTTP/1.1\r\nHost: {host}\r\n"
            f"Connection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Authorization: Bearer {await strict.token(stream)}\r\n\r\n".encode()
        )
        closed = 'ovation_gateway_sockets_closed_total{reason="slow-socket"} 1.0'
        async with Redis.from_url(redis_url) as redis, asyncio.timeout(30):
            total = 0
            while closed not in (await strict.call("GET", "/metrics")).body:
                for _ in range(5):
                    total += 1
                    await redis.publish(redis_keys.live(stream), taps_of(stream, dict.fromkeys(emojis, total)))
                    await asyncio.sleep(0.02)
        slow.settimeout(5)
        received = b""
        while piece := await asyncio.to_thread(slow.recv, 65_536):
            received += piece
    assert received.endswith((1013).to_bytes(2) + b"slow-socket")


def taps_of(stream: str, totals: dict[str, int]) -> str:
    """Return the message that the job publishes."""
    window = {"start": 0, "counts": totals}
    return json.dumps({"type": "reactions", "stream_id": stream, "as_of": 1, "totals": totals, "window": window})


async def test_a_gateway_that_starts_has_pages_come_again(
    redis_url: str, folder: Path, session: aiohttp.ClientSession
) -> None:
    process, url = gateway(f"127.0.0.1:{free_ports(1)[0]}", redis_url, folder)
    process.start(wait=False)
    try:
        port = int(url.rpartition(":")[2])
        await asyncio.to_thread(until, lambda: ready.answers(port, "/livez"), 60, "it answers")
        assert await page_closed(Api(session, url), "any", signed("any")) == (4503, "starting")
    finally:
        process.stop(signal.SIGKILL)


async def test_a_gateway_that_stops_says_so(
    bootstrap: str, redis_url: str, folder: Path, session: aiohttp.ClientSession
) -> None:
    process, url = gateway(bootstrap, redis_url, folder)
    process.start()
    api = Api(session, url)
    stream = await api.stream()
    tab = await welcomed(api, stream, await api.token(stream))
    stopping = asyncio.create_task(asyncio.to_thread(process.stop))
    assert await tab.end() == (1001, "stopping")
    assert await stopping == 0
