"""The socket and the snapshot, with a real gateway and a real Redis; the test plays the jobs."""

import asyncio
import json
import signal
import socket
import time
from pathlib import Path
from typing import Any

import aiohttp
from redis.asyncio import Redis

from contracts import redis_keys
from tests.gateway import kafka_log
from tests.gateway.api import Api
from tests.gateway.processes import Process, gateway
from tests.gateway.receipts.opened import opened


def reactions(stream: str, total: int) -> str:
    """Return the message that the job publishes."""
    start = int(time.time()) * 1_000
    window = {"start": start, "counts": {"🔥": total}}
    return json.dumps(
        {"type": "reactions", "stream_id": stream, "as_of": start, "totals": {"🔥": total}, "window": window}
    )


async def next_of(ws: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """Return the next message of a kind."""
    async with asyncio.timeout(20):
        while True:
            message = await ws.receive()
            assert message.type == aiohttp.WSMsgType.TEXT, message
            body: dict[str, Any] = json.loads(message.data)
            if body["type"] == kind:
                return body


async def watch(api: Api, stream: str, token: str, **options: Any) -> aiohttp.ClientWebSocketResponse:
    options = {"protocols": ["ovation.v1", f"bearer.{token}"], **options}
    ws: aiohttp.ClientWebSocketResponse = await api.session.ws_connect(f"{api.url}/v1/streams/{stream}/ws", **options)
    return ws


async def test_snapshot_first_then_updates(api: Api, redis_url: str) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    redis = Redis.from_url(redis_url)
    await redis.hset(redis_keys.reactions(stream), mapping={"🔥": 41, "👏": 1})
    await redis.hset(redis_keys.reactions_window(stream, int(time.time())), mapping={"🔥": 4})
    await redis.hset(redis_keys.poll(stream, poll), mapping={"option:2": 7, "voters": 7, "received": 9, "version": 9})
    ws = await watch(api, stream, await api.token(stream, role="overlay"))
    assert ws.protocol == "ovation.v1"
    first = json.loads((await ws.receive()).data)
    assert first["type"] == "snapshot"
    assert first["emojis"] == ["🔥", "👏"]
    assert first["reactions"]["totals"] == {"🔥": 41, "👏": 1}
    assert first["reactions"]["window"]["counts"] == {"🔥": 4}
    assert [option["votes"] for option in first["polls"][0]["options"]] == [0, 7, 0]
    assert (first["polls"][0]["voters"], first["polls"][0]["version"]) == (7, 9)

    await redis.publish(redis_keys.live(stream), reactions(stream, 40))  # An old one: totals never go back.
    await redis.publish(redis_keys.live(stream), reactions(stream, 50))
    async with asyncio.timeout(10):
        while (total := (await next_of(ws, "reactions"))["totals"]["🔥"]) != 50:
            assert total == 41
    await ws.close()
    await redis.aclose()


async def test_taps_and_votes_are_acknowledged_by_their_id(api: Api, bootstrap: str) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    ws = await watch(api, stream, await api.token(stream))
    await ws.send_json({"type": "react", "id": "r1", "counts": {"🔥": 2}})
    await ws.send_json({"type": "vote", "id": 2, "poll_id": poll, "choices": ["2"]})
    acks = {message["id"]: message for message in [await next_of(ws, "ack"), await next_of(ws, "ack")]}
    assert acks["r1"]["counted"] == 2
    assert acks["r1"]["window"] % 1_000 == 0
    written = await asyncio.to_thread(kafka_log.votes, bootstrap, stream)
    assert [(vote["receipt"], vote["choices"]) for vote in written] == [(opened(acks[2]["receipt"]).ulid, 0b10)]
    await ws.close()


async def test_a_bad_frame_is_answered_and_the_socket_goes_on(api: Api) -> None:
    stream = await api.stream()
    ws = await watch(api, stream, await api.token(stream))
    for frame, problem, frame_id in (
        ("{", "not-json", None),
        ("[]", "invalid-field", None),
        ('{"id": 1}', "unknown-frame", 1),
        ('{"type": "dance", "id": 1}', "unknown-frame", 1),
        ('{"type": "react", "id": "a"}', "invalid-field", "a"),
        ('{"type": "react", "id": "a", "counts": {"x": 1}}', "unknown-emoji", "a"),
        ('{"type": "react", "id": "a", "counts": {"🔥": -5}}', "negative-count", "a"),
        ('{"type": "vote", "id": "b", "poll_id": "none", "choices": ["1"]}', "unknown-poll", "b"),
        ('{"type": "vote", "id": "b", "poll_id": "none", "choices": 1}', "invalid-field", "b"),
        ('{"type": "withdraw", "id": "c"}', "invalid-field", "c"),
        ('{"type": "withdraw", "id": "c", "poll_id": "none"}', "unknown-poll", "c"),
        ('{"type": "show", "id": "d"}', "invalid-field", "d"),
        ('{"type": "show", "id": "d", "receipt": "forged"}', "unknown-receipt", "d"),
    ):
        await ws.send_str(frame)
        error = await next_of(ws, "error")
        assert (error["problem"], error["id"]) == (f"/problems/{problem}", frame_id), frame
        assert {"title", "status", "detail"} <= error.keys()
    await ws.send_json({"type": "react", "id": 9, "counts": {"🔥": 1}})
    assert (await next_of(ws, "ack"))["id"] == 9
    await ws.send_str("x" * 20_000)
    async with asyncio.timeout(10):
        while (message := await ws.receive()).type == aiohttp.WSMsgType.TEXT:
            pass
    assert ws.close_code == 1009, message


async def test_an_overlay_watches_but_does_not_take_part(api: Api) -> None:
    stream = await api.stream()
    ws = await watch(api, stream, await api.token(stream, role="overlay"))
    await ws.send_json({"type": "react", "id": 1, "counts": {"🔥": 1}})
    assert (await next_of(ws, "error"))["problem"] == "/problems/role-not-allowed"
    await ws.send_json({"type": "show", "id": 2, "receipt": "any"})
    assert (await next_of(ws, "error"))["problem"] == "/problems/role-not-allowed"
    await ws.close()


async def refusal(api: Api, stream: str, headers: dict[str, str]) -> tuple[int, str]:
    """Return status and problem of a handshake that is refused."""
    key = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
    key["sec-websocket-key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    answer = await api.call("GET", f"/v1/streams/{stream}/ws", token=None, headers={**key, **headers})
    return answer.status, answer.problem


async def test_who_may_open_a_socket(api: Api) -> None:
    stream, other = await api.stream(), await api.stream()
    good = {"authorization": f"Bearer {await api.token(stream)}"}
    assert await refusal(api, stream, {}) == (401, "missing-token")
    assert await refusal(api, stream, {"authorization": "Bearer x"}) == (401, "bad-token")
    assert await refusal(api, other, good) == (403, "foreign-token")
    for origin in ({}, {"origin": api.url}):
        ws = await watch(api, stream, "", protocols=["ovation.v1"], headers={**good, **origin})
        assert json.loads((await ws.receive()).data)["type"] == "snapshot"
        await ws.close()


async def test_opening_and_closing_a_poll_is_pushed(api: Api) -> None:
    stream = await api.stream()
    ws = await watch(api, stream, await api.token(stream))
    poll = await api.poll(stream, open=False)
    await api.call("POST", f"/v1/streams/{stream}/polls/{poll}/open")
    opened = await next_of(ws, "poll")
    assert (opened["poll_id"], opened["status"], opened["question"]) == (poll, "open", "Who?")
    assert [option["text"] for option in opened["options"]] == ["Ana", "Bo", "Cy"]
    await api.call("POST", f"/v1/streams/{stream}/polls/{poll}/close")
    assert (await next_of(ws, "poll"))["status"] == "closed"
    await ws.close()


async def test_a_snapshot_for_a_cdn(api: Api, redis_url: str) -> None:
    stream = await api.stream()
    path = f"/v1/streams/{stream}/live"
    first = await api.call("GET", path, token=None)
    assert first.headers["cache-control"].startswith("public, max-age=1, ")
    etag = first.headers["etag"]
    same = await api.call("GET", path, token=None, headers={"if-none-match": f'"other", W/{etag}'})
    assert (same.status, same.body, same.headers["etag"]) == (304, "", etag)
    redis = Redis.from_url(redis_url)
    await redis.publish(redis_keys.live(stream), reactions(stream, 5))
    async with asyncio.timeout(10):
        while (answer := await api.call("GET", path, token=None, headers={"if-none-match": etag})).status == 304:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert answer.body["reactions"]["totals"] == {"🔥": 5}
    await redis.aclose()
    assert (await api.call("GET", "/v1/streams/none/live", token=None)).problem == "unknown-stream"


async def test_a_gateway_that_starts_while_redis_hangs_does_not_say_zero(
    api: Api, redis_server: Process, redis_url: str, bootstrap: str, folder: Path
) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    redis = Redis.from_url(redis_url)
    await redis.hset(redis_keys.reactions(stream), mapping={"🔥": 41})
    await redis.hset(redis_keys.poll(stream, poll), mapping={"option:2": 7, "voters": 7, "received": 9, "version": 9})
    await redis.aclose()
    process, url = gateway(bootstrap, redis_url, folder)
    redis_server.send(signal.SIGSTOP)
    try:
        process.start()
        late = Api(api.session, url)
        ws = await watch(late, stream, await api.token(stream))
        unknown = await next_of(ws, "snapshot")
        assert unknown["numbers_known"] is False
        assert unknown["reactions"]["totals"] == {}
        assert [each["poll_id"] for each in unknown["polls"]] == [poll]
        assert "received" not in unknown["polls"][0]
        results = await late.show(stream, poll)
        assert (results.status, "received" in results.body) == (200, False)
    finally:
        redis_server.send(signal.SIGCONT)
    known = await next_of(ws, "snapshot")
    assert "numbers_known" not in known
    assert known["reactions"]["totals"] == {"🔥": 41}
    assert known["polls"][0]["received"] == 9
    await ws.close()
    assert process.stop() == 0


async def test_redis_away_and_back(api: Api, redis_server: Process, redis_url: str) -> None:
    stream = await api.stream()
    redis = Redis.from_url(redis_url)
    ws = await watch(api, stream, await api.token(stream))
    await next_of(ws, "snapshot")
    await redis.publish(redis_keys.live(stream), reactions(stream, 5))
    assert (await next_of(ws, "reactions"))["totals"] == {"🔥": 5}
    redis_server.send(signal.SIGSTOP)
    try:
        async with asyncio.timeout(20):
            while (ready := await api.call("GET", "/readyz")).body["status"] != "degraded":  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert (ready.status, ready.body["down"]) == (200, ["redis"])
        live = await api.call("GET", f"/v1/streams/{stream}/live", token=None)
        assert live.body["reactions"]["totals"] == {"🔥": 5}
        new = await watch(api, stream, await api.token(stream, "v2"))
        assert (await next_of(new, "snapshot"))["reactions"]["totals"] == {"🔥": 5}
    finally:
        redis_server.send(signal.SIGCONT)
    # Written while nobody was subscribed: only reading the state again can show it.
    await redis.hset(redis_keys.reactions(stream), mapping={"🔥": 77})
    for each in (ws, new):
        assert (await next_of(each, "reactions"))["totals"] == {"🔥": 77}
        await each.close()
    await redis.aclose()


async def test_a_slow_socket_is_closed_and_delays_nobody(
    api: Api, redis_url: str, bootstrap: str, folder: Path
) -> None:
    process, url = gateway(bootstrap, redis_url, folder, slow_socket_s=1, push_ms=20)
    process.start()
    try:
        api = Api(api.session, url)
        stream = await api.stream(emojis=[f"{number:016}" for number in range(30)])
        token = await api.token(stream)
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        host, port = url.removeprefix("http://").split(":")
        slow.connect((host, int(port)))
        slow.sendall(
            f"GET /v1/streams/{stream}/ws HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Connection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        quick = await watch(api, stream, token)
        redis = Redis.from_url(redis_url)

        async def closed() -> bool:
            metrics = (await api.call("GET", "/metrics")).body
            return "ovation_gateway_sockets_slow_total 1.0" in metrics and "ovation_gateway_sockets 1.0" in metrics

        total = 0
        async with asyncio.timeout(60):
            while not await closed():
                for _ in range(50):
                    total += 1
                    message = json.loads(reactions(stream, total))
                    message["totals"] |= {f"{number:016}": total for number in range(30)}
                    await redis.publish(redis_keys.live(stream), json.dumps(message))
                    await asyncio.sleep(0.002)
                async with asyncio.timeout(5):
                    while (await next_of(quick, "reactions"))["totals"]["🔥"] != total:
                        pass
        slow.close()
        await quick.close()
        await redis.aclose()
    finally:
        process.stop()


async def test_a_vote_that_waits_does_not_hold_up_taps(api: Api, broker: Process) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    ws = await watch(api, stream, await api.token(stream))
    await next_of(ws, "snapshot")
    broker.send(signal.SIGSTOP)
    try:
        for number in range(20):
            await ws.send_json({"type": "vote", "id": number, "poll_id": poll, "choices": ["1"]})
        await ws.send_json({"type": "react", "id": "tap", "counts": {"🔥": 1}})
        assert (await next_of(ws, "ack"))["id"] == "tap"
    finally:
        broker.send(signal.SIGCONT)
    # Sixteen may wait at once; the other four were told so before.
    acks = [(await next_of(ws, "ack"))["id"] for _ in range(16)]
    assert sorted(acks) == list(range(16))
    await ws.close()
