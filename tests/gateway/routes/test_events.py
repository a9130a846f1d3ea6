"""Server-sent events and presence, with a real gateway and a real Redis; the test plays the jobs."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from tests.gateway.api import Api
from tests.gateway.processes import gateway
from tests.gateway.routes.test_live import reactions, watch


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
