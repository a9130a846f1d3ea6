"""Server-sent events and presence, with a real gateway and a real Redis; the test plays the jobs."""

import asyncio
import json
import signal
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from tests.gateway.api import Api
from tests.gateway.processes import gateway
from tests.gateway.routes.test_live import next_of, reactions, watch


async def event(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """Return the next event's message, past comments and the time to wait before a retry."""
    name = ""
    async with asyncio.timeout(20):
        while True:
            line = (await response.content.readline()).decode().rstrip("\n")
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                message: dict[str, Any] = json.loads(line.removeprefix("data: "))
                assert message["type"] == name
                return message


async def event_of(response: aiohttp.ClientResponse, kind: str) -> dict[str, Any]:
    while (message := await event(response))["type"] != kind:
        pass
    return message


async def test_the_snapshot_comes_first_and_then_what_changes(api: Api, redis_url: str) -> None:
    stream = await api.stream()
    redis = Redis.from_url(redis_url)
    async with api.session.get(f"{api.url}/v1/streams/{stream}/events?interval_ms=20") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        first = (await response.content.readline()).decode()
        assert 1_000 <= int(first.removeprefix("retry: ")) <= 4_000
        snapshot = await event(response)
        assert (snapshot["type"], snapshot["stream_id"]) == ("snapshot", stream)
        await redis.publish(redis_keys.live(stream), reactions(stream, 5))
        shown = await event_of(response, "reactions")
        assert (shown["totals"], shown["version"]) == ({"🔥": 5}, 5)
    await redis.aclose()


@pytest.mark.parametrize("interval", ["19", "5001", "x", ""])
async def test_a_bad_interval_is_refused(api: Api, interval: str) -> None:
    stream = await api.stream()
    answer = await api.call("GET", f"/v1/streams/{stream}/events?interval_ms={interval}", token=None)
    assert (answer.problem, answer.body["field"]) == ("invalid-field", "interval_ms")


async def test_an_unknown_stream_and_another_method_are_refused(api: Api) -> None:
    assert (await api.call("GET", "/v1/streams/nowhere/events", token=None)).problem == "unknown-stream"
    assert (await api.call("POST", "/v1/streams/nowhere/events", token=None)).problem == "method-not-allowed"
    async with api.session.head(f"{api.url}/v1/streams/nowhere/events") as response:
        assert (response.status, response.headers["allow"]) == (405, "GET")


async def test_who_reads_nothing_skips_pictures_and_is_cut(
    api: Api, bootstrap: str, redis_url: str, folder: Path
) -> None:
    process, url = gateway(bootstrap, redis_url, folder, slow_socket_s=1)
    process.start()
    api = Api(api.session, url)
    emojis = [f"{number:016}" for number in range(30)]
    stream = await api.stream(emojis=emojis)
    path = f"/v1/streams/{stream}/events?interval_ms=20"
    redis = Redis.from_url(redis_url)
    try:
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            host, port = url.removeprefix("http://").split(":")
            slow.connect((host, int(port)))
            slow.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            async with api.session.get(url + path) as quick, asyncio.timeout(60):
                total = 0
                while not is_cut((await api.call("GET", "/metrics")).body):
                    total += 1
                    message = json.loads(reactions(stream, total))
                    message["totals"] |= dict.fromkeys(emojis, total)
                    await redis.publish(redis_keys.live(stream), json.dumps(message))
                    while (await event_of(quick, "reactions"))["totals"]["🔥"] != total:
                        pass
                # Who keeps up is told when the gateway stops: the answer ends as it should.
                stopping = asyncio.create_task(asyncio.to_thread(process.stop))
                await quick.content.read()
                assert await stopping == 0
    finally:
        await redis.aclose()
        process.stop(signal.SIGKILL)
    log = process.log.read_text()
    assert "Traceback" not in log
    assert "application failed" not in log


def is_cut(metrics: str) -> bool:
    """Return whether one of two streams is left, and the other one skipped pictures before."""
    values = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
    left, skipped = values["ovation_gateway_event_streams"], values["ovation_gateway_pictures_skipped_total"]
    return values["ovation_gateway_sockets_slow_total"] == "1.0" and left == "1.0" and float(skipped) > 0


async def test_coming_back_shows_no_gap_and_no_step_back(api: Api, redis_url: str) -> None:
    stream = await api.stream()
    token = await api.token(stream)
    redis = Redis.from_url(redis_url)
    last = 400

    async def job() -> None:
        for total in range(1, last + 1):
            await redis.hset(redis_keys.reactions(stream), mapping={"🔥": total})
            await redis.publish(redis_keys.live(stream), reactions(stream, total))
            await asyncio.sleep(0.005)

    writing = asyncio.create_task(job())
    version, visits = 0, 0
    async with asyncio.timeout(60):
        while version < last:
            ws = await watch(api, stream, token)
            shown = (await next_of(ws, "snapshot"))["reactions"]
            for _ in range(3):
                assert shown["version"] == sum(shown["totals"].values()) >= version
                version = shown["version"]
                if version == last:
                    break
                shown = await next_of(ws, "reactions")
            await ws.close()
            visits += 1
    await writing
    assert visits > 5
    await redis.aclose()


async def test_viewers_are_counted_over_all_gateways_and_overlays_are_not(
    api: Api, bootstrap: str, redis_url: str, folder: Path
) -> None:
    stream = await api.stream()
    process, url = gateway(bootstrap, redis_url, folder)
    process.start()
    try:
        here = await watch(api, stream, await api.token(stream, "ana"))
        overlay = await watch(api, stream, await api.token(stream, role="overlay"))
        other = Api(api.session, url)
        await follows(other, stream)
        there = await watch(other, stream, await api.token(stream, "bo"))
        for ws in (here, overlay, there):
            await watching(ws, 2)
        await there.close()
        await watching(here, 1)
        await here.close()
        await watching(overlay, 0)
        await overlay.close()
    finally:
        process.stop(signal.SIGKILL)


async def watching(ws: aiohttp.ClientWebSocketResponse, number: int) -> None:
    """Wait until a screen says that so many watch."""
    while True:
        async with asyncio.timeout(20):
            message = json.loads((await ws.receive()).data)
        if message["type"] in ("snapshot", "presence") and message["watching"] == number:
            return


async def follows(api: Api, stream: str) -> None:
    """Wait until a gateway knows of a stream."""
    async with asyncio.timeout(20):
        while (await api.call("GET", f"/v1/streams/{stream}/live", token=None)).status != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_nothing_is_compressed_and_the_welcome_comes_second(api: Api) -> None:
    stream = await api.stream()
    ws = await watch(api, stream, await api.token(stream), compress=15)
    assert ws.compress == 0
    assert json.loads((await ws.receive()).data)["type"] == "snapshot"
    welcome = json.loads((await ws.receive()).data)
    assert (welcome["type"], welcome["interval_ms"]) == ("welcome", 50)
    await ws.close()
