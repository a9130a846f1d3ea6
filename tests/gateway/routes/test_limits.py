"""A gateway with small limits: how it says no, that waiting helps, and that taps are capped instead."""

import asyncio
import itertools
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest

from tests.gateway import kafka_log
from tests.gateway.api import Answer, Api
from tests.gateway.processes import TOKEN_SECRET, Process, gateway, until

VIEWER, TAPS, ADDRESS, STREAM, API_KEY = 5, 10, 30, 40, 20

_addresses = itertools.count(1)


@pytest.fixture(scope="module")
def small_url(bootstrap: str, redis_url: str, folder: Path) -> Iterator[str]:
    process, url = gateway(
        bootstrap,
        redis_url,
        folder,
        limit_burst_s=1,
        limit_viewer_requests_per_s=VIEWER,
        limit_viewer_taps_per_s=TAPS,
        limit_address_per_s=ADDRESS,
        limit_stream_per_s=STREAM,
        limit_api_key_per_s=API_KEY,
    )
    process.start()
    yield url
    assert process.stop() == 0


@pytest.fixture
async def small(small_url: str) -> AsyncIterator[Api]:
    """The gateway, called from an address of the test's own: loopback is believed what it says of that."""
    headers = {"x-forwarded-for": f"192.0.2.{next(_addresses)}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        yield Api(session, small_url)


def token(stream: str, viewer: str = "v") -> str:
    claims = {"aud": "ovation", "sub": viewer, "stream": stream, "role": "viewer", "exp": int(time.time()) + 600}
    return jwt.encode(claims, TOKEN_SECRET, algorithm="HS256")


def limited_by(answer: Answer) -> str:
    """Return the policy that was met, whose headers are checked."""
    assert answer.problem == "rate-limited"
    wait_s = int(answer.headers["retry-after"])
    assert wait_s >= 1
    assert answer.body["retry_after_s"] == wait_s
    name = answer.headers["ratelimit"].split(";")[0]
    assert answer.headers["ratelimit"] == f"{name};r=0;t={wait_s}"
    limits = {"viewer": VIEWER, "address": ADDRESS, "stream": STREAM, "api-key": API_KEY}
    assert answer.headers["ratelimit-policy"] == f"{name};q={limits[name[1:-1]]};w=1"
    return name[1:-1]


async def storm(api: Api, count: int, method: str, path: str, **options: Any) -> list[Answer]:
    return list(await asyncio.gather(*(api.call(method, path, **options) for _ in range(count))))


async def test_who_waits_retry_after_is_let_in(small: Api) -> None:
    stream = await small.stream()
    react: dict[str, Any] = {
        "path": f"/v1/streams/{stream}/reactions",
        "body": {"counts": {"🔥": 1}},
        "token": token(stream),
    }
    answers = await storm(small, 3 * VIEWER, "POST", **react)
    refused = [answer for answer in answers if answer.status != 202]
    assert len(refused) >= VIEWER
    assert {limited_by(answer) for answer in refused} == {"viewer"}
    await asyncio.sleep(int(refused[-1].headers["retry-after"]))
    assert (await small.call("POST", **react)).status == 202
    assert (await small.react(stream, token(stream, "somebody-else"), {"🔥": 1})).status == 202


async def test_a_tap_storm_is_capped_and_the_answers_say_what_counted(small: Api, bootstrap: str) -> None:
    stream = await small.stream()
    started = time.monotonic()
    first = await small.react(stream, token(stream), {"🔥": TAPS - 2})
    assert (first.status, first.body["counted"]) == (202, TAPS - 2)
    assert "counts" not in first.body
    second = await small.react(stream, token(stream), {"👏": 50, "🔥": 50})
    third = await small.react(stream, token(stream), {"👏": 50})
    most = TAPS + TAPS * (time.monotonic() - started)
    assert (second.status, third.status) == (202, 202)
    assert second.body["counted"] >= 2
    assert second.body["counts"] == {"👏": second.body["counted"]}
    assert third.body["counts"] == ({"👏": third.body["counted"]} if third.body["counted"] else {})
    counted = sum(answer.body["counted"] for answer in (first, second, third))
    assert TAPS <= counted <= most
    written = {"🔥": TAPS - 2, "👏": counted - TAPS + 2}
    await asyncio.to_thread(until, lambda: kafka_log.taps(bootstrap, stream) == written, 10, "what counted is in Kafka")


async def test_frames_count_as_requests_do(small: Api) -> None:
    stream = await small.stream()
    headers = {"authorization": f"Bearer {token(stream)}"}
    async with small.session.ws_connect(f"{small.url}/v1/streams/{stream}/ws", headers=headers) as socket:
        for number in range(3 * VIEWER):
            await socket.send_json({"type": "react", "id": number, "counts": {"🔥": TAPS}})
        answers: dict[int, dict[str, Any]] = {}
        while len(answers) < 3 * VIEWER:
            message = await socket.receive_json(timeout=5)
            if message["type"] in ("ack", "error"):
                answers[message["id"]] = message
    acks = [answer for answer in answers.values() if answer["type"] == "ack"]
    errors = [answer for answer in answers.values() if answer["type"] == "error"]
    # The handshake was the viewer's first request.
    assert VIEWER - 1 <= len(acks) < 2 * VIEWER
    assert {(error["problem"], error["retry_after_s"]) for error in errors} == {("/problems/rate-limited", 1)}
    assert acks[0]["counted"] == TAPS
    assert "counts" not in acks[0]
    assert acks[1]["counts"] == ({"🔥": acks[1]["counted"]} if acks[1]["counted"] else {})


async def test_an_address_is_limited_whoever_calls_and_of_ipv6_a_network(small: Api) -> None:
    path = "/v1/streams/none"

    async def from_network(count: int, network: str) -> list[Answer]:
        calls = (
            small.call("GET", path, token=None, headers={"x-forwarded-for": f"{network}:{number:x}::1"})
            for number in range(1, count + 1)
        )
        return list(await asyncio.gather(*calls))

    answers = await from_network(2 * ADDRESS, "2001:db8:0:1")
    refused = [answer for answer in answers if answer.status == 429]
    assert len(answers) - len(refused) >= ADDRESS
    assert {limited_by(answer) for answer in refused} == {"address"}
    assert {answer.status for answer in await from_network(3, "2001:db8:0:2")} == {401}
    assert (await small.call("GET", "/livez", headers={"x-forwarded-for": "2001:db8:0:1::1"})).status == 200


async def test_an_api_key_is_limited_by_itself(small: Api) -> None:
    stream = await small.stream()
    key = (await small.call("POST", "/v1/keys", {"name": "x", "scopes": ["read"]})).body["key"]
    answers = await storm(small, API_KEY + 5, "GET", f"/v1/streams/{stream}", token=key)
    refused = [answer for answer in answers if answer.status == 429]
    assert {limited_by(answer) for answer in refused} == {"api-key"}
    assert (await small.call("GET", f"/v1/streams/{stream}")).status == 200


async def test_a_stormed_stream_can_still_be_ended(small: Api) -> None:
    stream = await small.stream()

    async def viewer(number: int) -> Answer:
        headers = {"x-forwarded-for": f"198.51.100.{number}"}
        return await small.call("GET", f"/v1/streams/{stream}", token=token(stream, f"v{number}"), headers=headers)

    answers = await asyncio.gather(*(viewer(number) for number in range(2 * STREAM)))
    assert {limited_by(answer) for answer in answers if answer.status == 429} == {"stream"}
    assert (await small.call("POST", f"/v1/streams/{stream}/end")).status == 200


async def test_without_redis_the_limits_are_the_same_and_taps_go_on(small: Api, redis_server: Process) -> None:
    stream = await small.stream()
    redis_server.send(signal.SIGSTOP)
    try:
        react: dict[str, Any] = {
            "path": f"/v1/streams/{stream}/reactions",
            "body": {"counts": {"🔥": 1}},
            "token": token(stream),
        }
        statuses = [answer.status for answer in await storm(small, 3 * VIEWER, "POST", **react)]
    finally:
        redis_server.send(signal.SIGCONT)
    assert set(statuses) == {202, 429}
    assert VIEWER <= statuses.count(202) < 2 * VIEWER


async def test_an_invite_is_limited_by_its_stream_and_by_the_addresses_of_who_opens_it(small: Api) -> None:
    """Many people hold the same invite: one of them is not the others' limit."""
    stream = await small.stream()
    claims = {"aud": "ovation", "sub": "link", "stream": stream, "role": "invite", "exp": int(time.time()) + 600}
    invite = jwt.encode(claims, TOKEN_SECRET, algorithm="HS256")
    call: dict[str, Any] = {"path": f"/v1/streams/{stream}/viewers", "token": invite}
    answers = await storm(small, 2 * ADDRESS, "POST", **call)
    assert sum(answer.status == 201 for answer in answers) >= ADDRESS - 1 > VIEWER
    assert {limited_by(answer) for answer in answers if answer.status != 201} == {"address"}
    crowd = [
        small.call("POST", **call, headers={"x-forwarded-for": f"198.51.100.{number}"}) for number in range(2 * STREAM)
    ]
    answers = await asyncio.gather(*crowd)
    assert {limited_by(answer) for answer in answers if answer.status != 201} == {"stream"}
