"""Each kind of bad input has its own problem, and none of it reaches Kafka."""

import asyncio
import json
import time

import aiohttp
import jwt
import pytest

from contracts.limits import MAX_BODY_BYTES, MAX_POLL_BODY_BYTES
from tests.gateway import kafka_log
from tests.gateway.api import Api
from tests.gateway.processes import TOKEN_SECRET


async def test_taps(api: Api, bootstrap: str) -> None:
    stream, other = await api.stream(), await api.stream()
    token = await api.token(stream)
    path = f"/v1/streams/{stream}/reactions"

    async def problem(counts: object, token: str | None = token) -> str:
        return (await api.call("POST", path, {"counts": counts}, token)).problem

    assert await problem({}) == "no-counts"
    assert await problem({"😀": 1}) == "unknown-emoji"
    assert await problem({"🔥": -1}) == "negative-count"
    assert await problem({"🔥": 0}) == "zero-count"
    assert await problem({"🔥": 1_001}) == "huge-count"
    assert await problem({"🔥": 10**40}) == "huge-count"
    assert await problem({"🔥": "1"}) == "invalid-field"
    assert await problem({"🔥": 1.5}) == "invalid-field"
    assert await problem([]) == "invalid-field"
    assert await problem({"🔥": 1}, None) == "missing-token"
    assert await problem({"🔥": 1}, "garbage") == "bad-token"
    assert await problem({"🔥": 1}, await api.token(other)) == "foreign-token"
    assert await problem({"🔥": 1}, await api.token(stream, role="overlay")) == "role-not-allowed"
    assert (await api.react("no-such", token, {"🔥": 1})).problem == "foreign-token"
    for raw in (b"", b"{", b"\xff", b"[" * 10_000):
        assert (await api.call("POST", path, raw, token)).problem in {"not-json", "invalid-field"}
    assert (await api.call("POST", path, b"x" * (MAX_BODY_BYTES + 1), token)).problem == "too-large"
    assert (await api.call("POST", path, {"counts": {"🔥": 1}, "playback_ms": -1}, token)).body[
        "field"
    ] == "playback_ms"

    await api.call("POST", f"/v1/streams/{stream}/end")
    assert await problem({"🔥": 1}) == "ended-stream"
    assert await asyncio.to_thread(kafka_log.records, bootstrap, "reactions", stream) == []


async def test_votes(api: Api, bootstrap: str) -> None:
    stream, other = await api.stream(), await api.stream()
    poll, draft, paused = await api.poll(stream), await api.poll(stream, open=False), await api.poll(stream)
    scheduled = await api.poll(stream, open=False, opens_at=int(time.time() + 600) * 1_000)
    cancelled = await api.poll(stream)
    await api.step(stream, paused, "pause")
    await api.step(stream, cancelled, "cancel")
    token = await api.token(stream)

    async def problem(choices: list[object], poll: str = poll, token: str | None = token) -> str:
        answer = await api.vote(stream, poll, token, choices)
        assert "receipt" not in answer.body
        return answer.problem

    assert await problem([]) == "no-choices"
    assert await problem(["4"]) == "unknown-option"
    assert await problem(["1", "1"]) == "duplicate-choices"
    assert await problem(["1", "2"]) == "too-many-choices"
    assert await problem([1]) == "invalid-field"
    assert await problem(["1"], "no-such") == "unknown-poll"
    assert await problem(["1"], draft) == "unknown-poll"
    assert await problem(["1"], scheduled) == "poll-not-open"
    assert await problem(["1"], paused) == "paused-poll"
    assert await problem(["1"], cancelled) == "cancelled-poll"
    assert await problem(["1"], token=None) == "missing-token"
    assert await problem(["1"], token=await api.token(other)) == "foreign-token"
    assert await problem(["1"], token=await api.token(stream, role="overlay")) == "role-not-allowed"
    path = f"/v1/streams/{stream}/polls/{poll}/votes"
    assert (await api.call("POST", path, b"{", token)).problem == "not-json"
    assert (await api.call("POST", path, {}, token)).body["field"] == "choices"
    assert (await api.call("DELETE", path, token=token)).problem == "not-withdrawable"
    assert (await api.call("DELETE", path, token=None)).problem == "missing-token"
    assert await asyncio.to_thread(kafka_log.votes, bootstrap, stream) == []


async def test_tokens_of_others(api: Api) -> None:
    stream = await api.stream()
    claims = {"aud": "ovation", "sub": "v", "stream": stream, "role": "viewer", "exp": int(time.time()) + 60}
    expired = jwt.encode({**claims, "exp": int(time.time()) - 1}, TOKEN_SECRET, algorithm="HS256")
    assert (await api.react(stream, expired, {"🔥": 1})).problem == "expired-token"
    for token in (
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, "x" * 40, algorithm="HS256"),
        jwt.encode({**claims, "aud": "other"}, TOKEN_SECRET, algorithm="HS256"),
    ):
        assert (await api.react(stream, token, {"🔥": 1})).problem == "bad-token"
    gone = jwt.encode({**claims, "stream": "gone"}, TOKEN_SECRET, algorithm="HS256")
    assert (await api.react("gone", gone, {"🔥": 1})).problem == "unknown-stream"


async def test_broadcasters(api: Api, bootstrap: str) -> None:
    good = {"title": "T", "emojis": ["🔥"], "stream_id": "bad-input-stream"}
    for key in (None, "wrong", "test-api-ke", "test-api-key,another-key"):
        assert (await api.call("POST", "/v1/streams", good, key)).problem == "bad-api-key"
    for change, field in (
        ({"title": ""}, "title"),
        ({"title": 1}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"emojis": []}, "emojis"),
        ({"emojis": ["🔥", "🔥"]}, "emojis"),
        ({"emojis": ["x" * 17]}, "emojis[0]"),
        ({"emojis": ['"']}, "emojis[0]"),
        ({"emojis": [str(number) for number in range(31)]}, "emojis"),
        ({"stream_id": "not an id"}, "stream_id"),
        ({"stream_id": "-x"}, "stream_id"),
        ({"stream_id": "x" * 65}, "stream_id"),
    ):
        answer = await api.call("POST", "/v1/streams", {**good, **change})
        assert (answer.problem, answer.body["field"]) == ("invalid-field", field), change
    assert (await api.call("POST", "/v1/streams", {"emojis": ["🔥"]})).body["field"] == "title"
    assert await asyncio.to_thread(kafka_log.records, bootstrap, "control", "bad-input-stream") == []
    assert (await api.call("POST", "/v1/streams", good)).status == 201
    assert (await api.call("POST", "/v1/streams", good)).problem == "stream-exists"


async def test_the_largest_poll_is_no_bad_input(api: Api) -> None:
    stream = await api.stream()
    claims = {f"{number}{'🔥' * 127}": [f"{n:03}{'🔥' * 125}" for n in range(32)] for number in range(8)}
    # Escaped, as a program that knows no better sends it: twelve bytes a character.
    largest = {"question": "🔥" * 300, "options": ["🔥" * 200] * 50, "max_choices": 50, "eligibility": claims}
    path = f"/v1/streams/{stream}/polls"
    key = {"idempotency-key": f"largest-{stream}"}
    made = await api.call("POST", path, largest, headers=key)
    assert (made.status, len(made.body["options"])) == (201, 50)
    again = await api.call("POST", path, largest, headers=key)
    assert again.body == made.body
    assert (await api.call("POST", path, b" " * (MAX_POLL_BODY_BYTES + 1))).problem == "too-large"


async def test_polls(api: Api) -> None:
    stream = await api.stream()
    path = f"/v1/streams/{stream}/polls"
    good = {"question": "Q?", "options": ["a", "b"]}
    for change, field in (
        ({"question": ""}, "question"),
        ({"options": ["a"]}, "options"),
        ({"options": ["a", ""]}, "options[1]"),
        ({"options": ["x"] * 51}, "options"),
        ({"max_choices": 0}, "max_choices"),
        ({"allow_change": 1}, "allow_change"),
        ({"closes_in_s": 0}, "closes_in_s"),
        ({"closes_in_s": 7 * 24 * 3_600 + 1}, "closes_in_s"),
        ({"results": "never"}, "results"),
        ({"poll_id": "a b"}, "poll_id"),
    ):
        answer = await api.call("POST", path, {**good, **change})
        assert (answer.problem, answer.body["field"]) == ("invalid-field", field), change
    for field, value in (("max_choices", 3), ("allow_withdraw", True)):
        answer = await api.call("POST", path, {**good, field: value})
        assert (answer.problem, answer.body["field"]) == ("invalid-rules", field)
    assert (await api.call("POST", "/v1/streams/no-such/polls", good)).problem == "unknown-stream"
    assert (await api.call("POST", path, {**good, "poll_id": "p"})).status == 201
    assert (await api.call("POST", path, {**good, "poll_id": "p"})).problem == "poll-exists"
    assert (await api.call("POST", f"{path}/none/open")).problem == "unknown-poll"
    assert (await api.call("POST", f"{path}/p/close")).problem == "poll-not-open"


async def test_token_requests(api: Api) -> None:
    stream = await api.stream()
    for change, field in (
        ({"viewer_id": ""}, "viewer_id"),
        ({"viewer_id": "x" * 129}, "viewer_id"),
        ({"viewer_id": None}, "viewer_id"),
        ({"viewer_id": None, "role": "overlay"}, "viewer_id"),
        ({"role": "admin"}, "role"),
        ({"claims": []}, "claims"),
        ({"expires_in_s": 0}, "expires_in_s"),
    ):
        body: dict[str, object] = {"viewer_id": "v", "role": "viewer", **change}
        answer = await api.call("POST", f"/v1/streams/{stream}/tokens", body)
        assert (answer.problem, answer.body["field"]) == ("invalid-field", field), change
    body = {"viewer_id": "v", "role": "viewer"}
    assert (await api.call("POST", f"/v1/streams/{stream}/tokens", body, "wrong")).problem == "bad-api-key"
    assert (await api.call("POST", "/v1/streams/none/tokens", body)).problem == "unknown-stream"


async def test_what_fastapi_itself_refuses(api: Api) -> None:
    assert (await api.call("GET", "/nowhere")).problem == "not-found"
    answer = await api.call("DELETE", "/v1/streams")
    assert answer.problem == "method-not-allowed"
    assert answer.headers["allow"] == "POST"
    assert (await api.call("GET", "/docs")).problem == "not-found"


async def test_a_large_body_without_a_length_is_refused_while_it_is_read(api: Api) -> None:
    stream = await api.stream()

    async def endless() -> object:
        while True:
            yield b"x" * 4_096
            await asyncio.sleep(0)

    headers = {"authorization": f"Bearer {await api.token(stream)}"}
    try:
        async with api.session.post(
            f"{api.url}/v1/streams/{stream}/reactions", data=endless(), headers=headers
        ) as response:
            assert response.status == 413
            assert json.loads(await response.read())["type"] == "/problems/too-large"
    except aiohttp.ClientError:
        pytest.fail("the connection was cut before the answer")


async def test_every_problem_is_explained(api: Api) -> None:
    answer = await api.call("GET", "/problems/unknown-poll", token=None)
    assert answer.body["about"] == "The stream has no poll with this id."
    assert (await api.call("GET", "/problems/no-such")).problem == "not-found"
