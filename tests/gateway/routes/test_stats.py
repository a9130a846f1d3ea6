"""What a real gateway says of a stream: taps and votes as they come into the picture, and what viewers were refused."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from gateway.stats.rises import RATE_SECONDS
from tests.gateway.api import Api


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    redis = Redis.from_url(redis_url)
    yield redis
    await redis.aclose()


async def stats(api: Api, stream: str) -> dict[str, Any]:
    answer = await api.call("GET", f"/v1/streams/{stream}/stats")
    assert answer.status == 200, answer
    assert answer.headers["cache-control"] == "no-store"
    return dict(answer.body)


async def until(api: Api, stream: str, name: str, value: object) -> dict[str, Any]:
    """Wait until a member has the value, and return all."""
    async with asyncio.timeout(10):
        while (found := await stats(api, stream))[name] != value:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return found


async def show(redis: Redis, stream: str, window: int, taps: int) -> None:
    """Publish what the job would after `taps` taps, the newest of them in the window."""
    message = {
        "type": "reactions",
        "stream_id": stream,
        "as_of": window,
        "totals": {"🔥": taps},
        "window": {"start": window, "counts": {"🔥": taps}},
    }
    await redis.publish(redis_keys.live(stream), json.dumps(message))


async def test_a_quiet_stream(api: Api) -> None:
    stream = await api.stream()
    found = await stats(api, stream)
    assert (found["stream_id"], found["watching"], found["screens"]) == (stream, 0, 0)
    assert (found["taps_per_s"], found["votes_per_s"], found["taps"], found["votes"]) == (0, 0, [0] * 60, [0] * 60)
    assert (found["live_lag_ms"], found["refused"], found["recounts"]) == (None, {}, [])
    assert found["since"] <= found["as_of"]


async def test_taps_and_votes_of_the_stream_and_how_late_the_picture_is(api: Api, redis: Redis) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    await redis.hset(redis_keys.reactions(stream), mapping={"🔥": 1_000})  # type: ignore[misc]
    await stats(api, stream)  # From here on this gateway follows the stream.
    tapped = time.time() * 1_000
    answer = await api.react(stream, await api.token(stream), {"🔥": 30})
    await asyncio.sleep(0.2)
    await show(redis, stream, answer.body["window"], 1_030)
    vote = {
        "type": "poll",
        "stream_id": stream,
        "poll_id": poll,
        "options": [],
        "version": 5,
        "as_of": 1,
        "received": 5,
    }
    await redis.publish(redis_keys.live(stream), json.dumps(vote))
    found = await until(api, stream, "votes_per_s", 5 / RATE_SECONDS)
    assert (sum(found["taps"]), sum(found["votes"])) == (30, 5)
    assert found["taps_per_s"] == 30 / RATE_SECONDS
    lag = found["live_lag_ms"]
    assert lag["p50"] == lag["p99"]
    # From the message, and not only from the next look at Redis.
    assert 200 <= lag["p50"] <= min(found["as_of"] - tapped, 1_500)
    metrics = (await api.call("GET", "/metrics", token=None)).body
    assert "ovation_gateway_live_lag_seconds_count" in metrics


async def test_screens_are_the_sockets_that_are_open(api: Api) -> None:
    stream = await api.stream()
    headers = {"authorization": f"Bearer {await api.token(stream)}"}
    async with api.session.ws_connect(f"{api.url}/v1/streams/{stream}/ws", headers=headers) as socket:
        await socket.receive_json()
        await until(api, stream, "screens", 1)
        await until(api, stream, "watching", 1)
    await until(api, stream, "screens", 0)


async def test_what_viewers_are_refused_by_any_way(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, open=False)
    token = await api.token(stream)
    await api.vote(stream, poll, token, ["1"])  # A draft is not there for a viewer.
    await api.react(stream, token, {"🐢": 1})
    headers = {"idempotency-key": "stats"}
    body = {"counts": {"🐢": 1}}
    await api.call("POST", f"/v1/streams/{stream}/reactions", body, token, headers=headers)  # The long way.
    await api.step(stream, poll, "open")
    await api.vote(stream, poll, token, ["1", "2"])
    await api.step(stream, poll, "close")
    await asyncio.sleep(0.6)  # The grace.
    assert (await api.vote(stream, poll, token, ["1"])).problem == "late-vote"
    async with api.session.ws_connect(
        f"{api.url}/v1/streams/{stream}/ws", headers={"authorization": f"Bearer {token}"}
    ) as socket:
        await socket.send_json({"type": "react", "id": 1, "counts": {"🐢": 1}})
        while (await socket.receive_json())["type"] != "error":
            pass
    found = await stats(api, stream)
    assert found["refused"] == {"unknown-emoji": 3, "late-vote": 1, "too-many-choices": 1, "unknown-poll": 1}
    assert next(iter(found["refused"])) == "unknown-emoji"


async def test_a_broadcasters_own_mistakes_are_not_its_viewers(api: Api) -> None:
    stream = await api.stream()
    await api.step(stream, "none", "open")
    await api.show(stream, "none")
    assert (await stats(api, stream))["refused"] == {}


async def test_a_closed_poll_waits_for_its_recount(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    await api.step(stream, poll, "close")
    assert (await stats(api, stream))["recounts"] == [{"poll_id": poll, "state": "waiting"}]


async def test_only_for_a_broadcaster_who_may_read(api: Api) -> None:
    stream = await api.stream()
    path = f"/v1/streams/{stream}/stats"
    assert (await api.call("GET", path, token=await api.token(stream))).problem == "bad-api-key"
    key = (await api.call("POST", "/v1/keys", {"name": "tokens", "scopes": ["tokens"]})).body["key"]
    assert (await api.call("GET", path, token=key)).problem == "missing-scope"
    assert (await api.call("GET", "/v1/streams/none/stats")).problem == "unknown-stream"
