"""Hidden results are absent from every byte that a viewer can get. The tests play the job with telling numbers."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from gateway.live.tally import NUMBERS
from tests.gateway.api import Api
from tests.gateway.routes.test_live import next_of, reactions, watch

SECRET = 86420
"""Every number of the tally begins with it, and nothing else does."""


def tally(stream: str, poll: str, version: int = 0) -> dict[str, Any]:
    """Return the message that the job publishes."""
    numbers = {name: SECRET * 10 + place for place, name in enumerate(NUMBERS)}
    options = [{"id": str(option), "votes": SECRET * 10 + option} for option in (1, 2, 3)]
    return {
        "type": "poll",
        "stream_id": stream,
        "poll_id": poll,
        "status": "open",
        "options": options,
        **numbers,
        "version": SECRET * 10 + version,
        "as_of": SECRET * 10**8,
        "is_final": False,
    }


async def publish(redis: Any, stream: str, poll: str, version: int = 0) -> None:
    """Put a tally where the job puts it: into the hash, and on the channel."""
    message = tally(stream, poll, version)
    fields = {name: message[name] for name in (*NUMBERS, "version", "as_of")}
    await redis.hset(
        redis_keys.poll(stream, poll),
        mapping={**fields, **{f"option:{option['id']}": option["votes"] for option in message["options"]}},
    )
    await redis.publish(redis_keys.live(stream), json.dumps(message))


async def raw(api: Api, path: str, token: str | None) -> str:
    """Return headers and body as they come."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with api.session.get(f"{api.url}{path}", headers=headers) as response:
        assert response.status == 200
        return str(response.headers) + await response.text()


async def heard(ws: aiohttp.ClientWebSocketResponse, redis: Any, stream: str, total: int) -> list[str]:
    """Return the raw messages until a change that everybody sees has come."""
    await redis.publish(redis_keys.live(stream), reactions(stream, total))
    messages: list[str] = []
    async with asyncio.timeout(20):
        while True:
            messages.append(await ws.receive_str())
            message = json.loads(messages[-1])
            if message["type"] == "reactions" and message["totals"].get("🔥") == total:
                return messages


@pytest.mark.parametrize("results", ["after_vote", "after_close"])
async def test_nothing_that_a_viewer_gets_has_a_number_in_it(api: Api, redis_url: str, results: str) -> None:
    redis = Redis.from_url(redis_url)
    stream = await api.stream()
    poll = await api.poll(stream, results=results, correct=["2"])
    viewer, overlay = await api.token(stream), await api.token(stream, "o", role="overlay")
    sockets = [await watch(api, stream, viewer), await watch(api, stream, overlay)]
    path, live = f"/v1/streams/{stream}/polls/{poll}", f"/v1/streams/{stream}/live"
    before = await api.call("GET", live, token=None)
    await publish(redis, stream, poll)
    # The broadcaster sees it all, so the gateway knows.
    answer = await api.show(stream, poll)
    assert (answer.body["voters"], answer.body["correct"]) == (SECRET * 10, ["2"])
    assert str(SECRET) in answer.headers["etag"]
    after = await api.call("GET", live, token=None)
    assert (after.body, after.headers["etag"]) == (before.body, before.headers["etag"])
    assert after.body["polls"][0]["results_hidden"] is True
    assert after.body["polls"][0].keys().isdisjoint({*NUMBERS, "version", "correct"})
    for total, ws in enumerate(sockets, 1):
        messages = await heard(ws, redis, stream, total)
        assert [json.loads(each)["type"] for each in messages][:1] == ["snapshot"]
        assert "poll" not in {json.loads(each)["type"] for each in messages}, "that somebody voted shows"
        assert str(SECRET) not in "".join(messages)
        assert "correct" not in "".join(messages)
    for token in (viewer, overlay):
        for each in (path, f"/v1/streams/{stream}/polls", live):
            text = await raw(api, each, token)
            assert str(SECRET) not in text
            assert '"correct"' not in text
    late = await watch(api, stream, viewer)
    assert str(SECRET) not in await late.receive_str()

    await api.step(stream, poll, "close")
    for ws in (*sockets, late):
        closed = await next_of(ws, "poll")
        assert (closed["status"], closed["voters"], closed["correct"]) == ("closed", SECRET * 10, ["2"])
        await ws.close()
    for token in (viewer, overlay):
        assert str(SECRET) in await raw(api, path, token)
    assert str(SECRET) in await raw(api, live, None)
    await redis.aclose()


async def test_a_vote_or_its_receipt_opens_the_numbers_to_its_viewer_alone(api: Api, redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    stream = await api.stream()
    poll = await api.poll(stream, results="after_vote", allow_change=True, allow_withdraw=True)
    token, other = await api.token(stream), await api.token(stream, "viewer-2")
    path = f"/v1/streams/{stream}/polls/{poll}"
    await publish(redis, stream, poll)
    withdrawal = (await api.call("DELETE", f"{path}/votes", token=token)).body["receipt"]
    receipt = (await api.vote(stream, poll, token, ["1"])).body["receipt"]
    assert str(SECRET) in await raw(api, f"{path}?receipt={receipt}", token)
    for query, asker in (("", token), (f"?receipt={receipt}", other), (f"?receipt={withdrawal}", token)):
        assert str(SECRET) not in await raw(api, path + query, asker), query
    mine, theirs = await watch(api, stream, token), await watch(api, stream, other)
    for ws, text, problem in (
        (theirs, receipt, "unknown-receipt"),
        (mine, withdrawal, "unknown-receipt"),
        (mine, receipt[:-2], "unknown-receipt"),
    ):
        await ws.send_json({"type": "show", "id": "s", "receipt": text})
        assert (await next_of(ws, "error"))["problem"] == f"/problems/{problem}"
    await mine.send_json({"type": "show", "id": "s", "receipt": receipt})
    assert (await next_of(mine, "ack"))["id"] == "s"
    assert (await next_of(mine, "poll"))["voters"] == SECRET * 10
    await publish(redis, stream, poll, version=1)
    assert (await next_of(mine, "poll"))["version"] == SECRET * 10 + 1
    assert str(SECRET) not in "".join(await heard(theirs, redis, stream, 1))
    for ws in (mine, theirs):
        await ws.close()
    await redis.aclose()


async def test_an_ineligible_vote_opens_nothing(api: Api, redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    stream = await api.stream()
    poll = await api.poll(stream, results="after_vote", eligibility={"team": ["red"]})
    token = await api.token(stream)
    await publish(redis, stream, poll)
    ws = await watch(api, stream, token)
    await ws.send_json({"type": "vote", "id": 1, "poll_id": poll, "choices": ["1"]})
    receipt = (await next_of(ws, "error"))["receipt"]
    await ws.send_json({"type": "show", "id": 2, "receipt": receipt})
    assert (await next_of(ws, "error"))["problem"] == "/problems/unknown-receipt"
    assert str(SECRET) not in "".join(await heard(ws, redis, stream, 1))
    path = f"/v1/streams/{stream}/polls/{poll}?receipt={receipt}"
    assert str(SECRET) not in await raw(api, path, token)
    await ws.close()
    await redis.aclose()
