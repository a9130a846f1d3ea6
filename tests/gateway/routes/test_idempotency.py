"""`Idempotency-Key` through three real gateways."""

import asyncio
import signal
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis

from contracts import redis_keys
from tests.gateway import kafka_log
from tests.gateway.api import Answer, Api
from tests.gateway.processes import Process, until


def key(text: str | None = None) -> dict[str, str]:
    return {"idempotency-key": text or str(uuid4())}


async def patiently(api: Api, path: str, body: object, headers: dict[str, str]) -> Answer:
    """Call again for as long as the answer says so: a gateway leaves a Redis that was away alone for a moment."""
    async with asyncio.timeout(10):
        while (answer := await api.call("POST", path, body, headers=headers)).status == 503:  # noqa: ASYNC110
            await asyncio.sleep(int(answer.headers["retry-after"]))
    return answer


async def settled(api: Api, stream: str, token: str, bootstrap: str) -> dict[str, int]:
    """Return the taps in Kafka once a last one, which is not counted, has come out."""
    await api.react(stream, token, {"👏": 1})
    await asyncio.to_thread(until, lambda: "👏" in kafka_log.taps(bootstrap, stream), 10, "the last tap is in Kafka")
    taps = await asyncio.to_thread(kafka_log.taps, bootstrap, stream)
    del taps["👏"]
    return taps


async def test_taps_count_once_through_any_gateway(three: list[Api], bootstrap: str) -> None:
    stream = await three[0].stream()
    token = await three[0].token(stream)
    for api in three:
        await api.until_known(stream)
    path, body = f"/v1/streams/{stream}/reactions", {"counts": {"🔥": 3}}
    headers = key()
    answers = [await api.call("POST", path, body, token, headers=headers) for api in three for _ in range(2)]
    assert {answer.status for answer in answers} == {202}
    assert len({str(answer.body) for answer in answers}) == 1
    assert await settled(three[0], stream, token, bootstrap) == {"🔥": 3}
    other = await three[1].call("POST", path, {"counts": {"🔥": 4}}, token, headers=headers)
    assert other.problem == "idempotency-key-reused"


async def test_taps_at_the_same_moment_count_once(three: list[Api], bootstrap: str) -> None:
    stream = await three[0].stream()
    token = await three[0].token(stream)
    for api in three:
        await api.until_known(stream)
    path, body = f"/v1/streams/{stream}/reactions", {"counts": {"🔥": 1}}
    for _ in range(10):
        headers = key()
        answers = await asyncio.gather(*(api.call("POST", path, body, token, headers=headers) for api in three * 3))
        assert {answer.status for answer in answers} <= {202, 409}
        assert 202 in {answer.status for answer in answers}
        assert {answer.headers["retry-after"] for answer in answers if answer.status == 409} <= {"1"}
    assert await settled(three[0], stream, token, bootstrap) == {"🔥": 10}


async def test_every_kind_of_write_has_the_same_answer(three: list[Api]) -> None:
    """Also those whose answer holds a secret, and those that another gateway answers."""
    stream = await three[0].stream()
    for api in three:
        await api.until_known(stream)
    poll = await three[0].poll(stream, open=False)
    for api in three:
        await api.until_known(stream, poll)
    api_key = (await three[0].call("POST", "/v1/keys", {"name": "x", "scopes": ["read"]})).body["key_id"]
    polls = f"/v1/streams/{stream}/polls"
    writes: list[tuple[str, str, Any]] = [
        ("POST", "/v1/streams", {"title": "Test", "emojis": ["🔥"]}),
        ("POST", polls, {"question": "Who?", "options": ["Ana", "Bo"]}),
        ("PATCH", f"{polls}/{poll}", {"question": "Whom?"}),
        ("POST", f"{polls}/{poll}/open", None),
        ("POST", f"{polls}/{poll}/close", None),
        ("POST", f"/v1/streams/{stream}/tokens", {"viewer_id": "v", "role": "viewer"}),
        ("POST", "/v1/keys", {"name": "x", "scopes": ["read"]}),
        ("POST", f"/v1/keys/{api_key}/rotate", {"overlap_s": 60}),
        ("DELETE", f"/v1/keys/{api_key}", None),
        ("POST", f"/v1/streams/{stream}/end", None),
    ]
    for method, path, body in writes:
        headers = key()
        answers: list[Answer] = [await api.call(method, path, body, headers=headers) for api in three]
        assert answers[0].status in (200, 201, 204), (method, path, answers[0])
        assert [(answer.status, answer.body) for answer in answers] == [(answers[0].status, answers[0].body)] * 3
        for name in ("location", "etag", "cache-control", "content-type"):
            assert len({answer.headers.get(name) for answer in answers}) == 1, (path, name)


async def test_callers_and_viewers_do_not_share_keys(api: Api) -> None:
    stream = await api.stream()
    headers = key()
    for viewer in ("a", "b"):
        token = await api.token(stream, viewer)
        answer = await api.call(
            "POST", f"/v1/streams/{stream}/reactions", {"counts": {"🔥": 1}}, token, headers=headers
        )
        assert answer.status == 202
    answer = await api.call("POST", "/v1/streams", {"title": "x", "emojis": ["🔥"]}, "another-key", headers=headers)
    assert answer.status == 201
    answer = await api.call("POST", "/v1/streams", {"title": "y", "emojis": ["🔥"]}, headers=headers)
    assert answer.status == 201


async def test_who_may_not_call_is_told_so_and_uses_up_no_key(api: Api) -> None:
    headers = key()
    body = {"title": "x", "emojis": ["🔥"]}
    assert (await api.call("POST", "/v1/streams", body, "wrong", headers=headers)).problem == "bad-api-key"
    assert (await api.call("POST", "/v1/streams", body, headers=headers)).status == 201


async def test_bad_keys(api: Api) -> None:
    for bad in ("x" * 256, "ü"):
        answer = await api.call("POST", "/v1/streams", {"title": "x", "emojis": ["🔥"]}, headers=key(bad))
        assert answer.problem == "bad-idempotency-key"
    read = await api.call("GET", "/v1/keys", headers=key("ü"))
    assert read.status == 200


async def test_without_redis_votes_go_on_and_all_else_waits(
    three: list[Api], redis_server: Process, bootstrap: str
) -> None:
    api = three[0]
    stream = await api.stream()
    token = await api.token(stream)
    poll = await api.poll(stream)
    assert (await api.vote(stream, poll, token, ["1"])).status == 202
    votes, taps = f"/v1/streams/{stream}/polls/{poll}/votes", f"/v1/streams/{stream}/reactions"
    headers = key()
    redis_server.send(signal.SIGSTOP)
    try:
        vote = await api.call("POST", votes, {"choices": ["1"]}, token, headers=key())
        tap = await api.call("POST", taps, {"counts": {"🔥": 1}}, token, headers=headers)
        assert (await api.call("POST", taps, {"counts": {"🔥": 10}}, token)).status == 202
    finally:
        redis_server.send(signal.SIGCONT)
    assert vote.status == 202
    assert tap.problem == "idempotency-unavailable"
    assert tap.headers["retry-after"] == "1"
    async with asyncio.timeout(10):
        while (
            answer := await three[1].call("POST", taps, {"counts": {"🔥": 1}}, token, headers=headers)
        ).status != 202:
            assert answer.problem in ("idempotency-in-progress", "idempotency-unavailable", "unknown-stream")
            await asyncio.sleep(0.05)
    assert await settled(api, stream, token, bootstrap) == {"🔥": 11}


async def test_a_lost_answer_makes_nothing_a_second_time(three: list[Api], redis_url: str) -> None:
    """As after a crash between doing and answering: the repetition finds what was made, by the id it derives again."""
    old = (await three[0].call("POST", "/v1/keys", {"name": "x", "scopes": ["read"]})).body["key_id"]
    stream = await three[0].stream()
    writes = [
        ("/v1/keys", {"name": "x", "scopes": ["read"]}),
        (f"/v1/keys/{old}/rotate", {"overlap_s": 0}),
        ("/v1/streams", {"title": "Test", "emojis": ["🔥"]}),
        (f"/v1/streams/{stream}/polls", {"question": "Who?", "options": ["Ana", "Bo"]}),
    ]
    for api in three:
        await api.until_known(stream)
    for path, body in writes:
        headers = key()
        first = await patiently(three[0], path, body, headers)
        async with Redis.from_url(redis_url) as redis:
            await redis.delete(*await redis.keys(redis_keys.idempotency("*")))
        again = await patiently(three[1], path, body, headers)
        assert first.status == 201
        assert (again.status, again.body) == (201, first.body), path
