"""API keys, made at one gateway and used at three."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.gateway import kafka_log
from tests.gateway.api import Answer, Api

AGREE_S = 0.25
"""Within this every gateway knows of a key that was made, rotated or revoked."""


async def made(api: Api, *scopes: str, **fields: object) -> dict[str, Any]:
    body = {"name": "studio", "scopes": list(scopes) or ["read"], **fields}
    answer = await api.call("POST", "/v1/keys", body)
    assert answer.status == 201, answer
    assert answer.headers["cache-control"] == "no-store"
    return dict(answer.body)


async def shown(api: Api, key_id: str) -> dict[str, Any]:
    answer = await api.call("GET", "/v1/keys")
    (key,) = [each for each in answer.body["keys"] if each["key_id"] == key_id]
    return dict(key)


async def everywhere(three: list[Api], call: Callable[[Api], Awaitable[Answer]], status: int) -> float:
    """Wait until all gateways answer with the status; return how long the slowest took, in seconds."""

    async def one(api: Api) -> float:
        started = time.monotonic()
        async with asyncio.timeout(10):
            while (await call(api)).status != status:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        return time.monotonic() - started

    return max(await asyncio.gather(*(one(api) for api in three)))


def reading(stream: str, key: str) -> Callable[[Api], Awaitable[Answer]]:
    return lambda api: api.call("GET", f"/v1/streams/{stream}", token=key)


async def test_all_gateways_know_a_key_and_its_end_within_a_moment(three: list[Api]) -> None:
    stream = await three[0].stream()
    for api in three:
        await api.until_known(stream)
    took = []
    for _ in range(5):
        key = await made(three[0], "read")
        took.append(await everywhere(three, reading(stream, key["key"]), 200))
        assert (await three[1].call("DELETE", f"/v1/keys/{key['key_id']}")).status == 204
        took.append(await everywhere(three, reading(stream, key["key"]), 401))
    assert max(took) < AGREE_S, took


async def test_rotation_overlaps(three: list[Api]) -> None:
    stream = await three[0].stream()
    old = await made(three[0], "read")
    await everywhere(three, reading(stream, old["key"]), 200)
    asked_at = time.time() * 1000
    answer = await three[1].call("POST", f"/v1/keys/{old['key_id']}/rotate", {"overlap_s": 1})
    new, ends_at = answer.body, (await shown(three[1], old["key_id"]))["expires_at"]
    assert ends_at >= asked_at + 1000
    assert answer.status == 201, answer
    assert (new["name"], new["scopes"], new["expires_at"]) == ("studio", ["read"], None)
    assert new["key_id"] != old["key_id"]
    assert await everywhere(three, reading(stream, new["key"]), 200) < AGREE_S
    for api in three:
        assert (await reading(stream, old["key"])(api)).status == 200
    assert time.time() * 1000 < ends_at
    await everywhere(three, reading(stream, old["key"]), 401)
    assert ends_at <= time.time() * 1000 < ends_at + AGREE_S * 1000
    assert (await reading(stream, new["key"])(three[2])).status == 200
    again = await three[0].call("POST", f"/v1/keys/{old['key_id']}/rotate", {"overlap_s": 1})
    assert again.problem == "ended-key"


async def test_a_rotation_never_lengthens_a_life(api: Api) -> None:
    old = await made(api, "read", expires_in_s=60)
    await api.call("POST", f"/v1/keys/{old['key_id']}/rotate", {"overlap_s": 3600})
    assert (await shown(api, old["key_id"]))["expires_at"] == old["expires_at"]


async def test_an_expired_key_opens_nothing(api: Api) -> None:
    key = await made(api, "read", expires_in_s=1)
    stream = await api.stream()
    assert (await reading(stream, key["key"])(api)).status == 200
    await everywhere([api], reading(stream, key["key"]), 401)
    assert (await reading(stream, key["key"])(api)).problem == "bad-api-key"


@pytest.mark.parametrize("scope", ["streams", "polls", "tokens", "read", "keys"])
async def test_a_key_does_what_its_scopes_say(scope: str, api: Api) -> None:
    stream, poll = await api.stream(), {"question": "Who?", "options": ["Ana", "Bo"]}
    key = (await made(api, scope))["key"]
    calls: dict[str, tuple[str, str, object]] = {
        "streams": ("POST", "/v1/streams", {"title": "Test", "emojis": ["🔥"]}),
        "polls": ("POST", f"/v1/streams/{stream}/polls", poll),
        "tokens": ("POST", f"/v1/streams/{stream}/tokens", {"viewer_id": "v", "role": "viewer"}),
        "read": ("GET", f"/v1/streams/{stream}", None),
        "keys": ("GET", "/v1/keys", None),
    }
    for needed, (method, path, body) in calls.items():
        answer = await api.call(method, path, body, key)
        if needed == scope:
            assert answer.status in (200, 201), answer
        else:
            assert (answer.problem, answer.body["field"]) == ("missing-scope", needed)


async def test_a_key_makes_no_key_that_can_do_more(api: Api) -> None:
    key = await made(api, "keys", "read")
    more = await api.call("POST", "/v1/keys", {"name": "x", "scopes": ["read", "polls"]}, key["key"])
    assert (more.problem, more.body["field"]) == ("missing-scope", "polls")
    stronger = await made(api, "polls")
    rotated = await api.call("POST", f"/v1/keys/{stronger['key_id']}/rotate", {"overlap_s": 0}, key["key"])
    assert (rotated.problem, rotated.body["field"]) == ("missing-scope", "polls")
    assert (await api.call("POST", "/v1/keys", {"name": "x", "scopes": ["read"]}, key["key"])).status == 201


async def test_neither_list_nor_log_holds_a_key(api: Api, bootstrap: str) -> None:
    key = await made(api, "read")
    secret = key["key"].split("_", 2)[2]
    assert secret not in str((await api.call("GET", "/v1/keys")).body)
    assert (await shown(api, key["key_id"])) == {name: value for name, value in key.items() if name != "key"}
    written = await asyncio.to_thread(kafka_log.records, bootstrap, "control", key["key_id"])
    assert len(written) == 1
    assert secret not in str(written)


async def test_revoking_again_changes_nothing(api: Api) -> None:
    key = await made(api)
    for _ in range(2):
        assert (await api.call("DELETE", f"/v1/keys/{key['key_id']}")).status == 204
    revoked = await shown(api, key["key_id"])
    assert revoked["revoked_at"] >= revoked["created_at"]


async def test_bad_requests(api: Api) -> None:
    for change, field in (
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "read"]}, "scopes"),
        ({"scopes": ["admin"]}, "scopes[0]"),
        ({"expires_in_s": 0}, "expires_in_s"),
        ({"expires_in_s": 10**10}, "expires_in_s"),
    ):
        answer = await api.call("POST", "/v1/keys", {"name": "x", "scopes": ["read"], **change})
        assert (answer.problem, answer.body["field"]) == ("invalid-field", field), change
    assert (await api.call("POST", "/v1/keys/none/rotate", {"overlap_s": 1})).problem == "unknown-key"
    assert (await api.call("DELETE", "/v1/keys/none")).problem == "unknown-key"
    key = await made(api)
    for overlap in (-1, 10**9, "1", None):
        answer = await api.call("POST", f"/v1/keys/{key['key_id']}/rotate", {"overlap_s": overlap})
        assert (answer.problem, answer.body["field"]) == ("invalid-field", "overlap_s")
    for method, path in (("GET", "/v1/keys"), ("POST", "/v1/keys"), ("DELETE", f"/v1/keys/{key['key_id']}")):
        assert (await api.call(method, path, token="wrong")).problem == "bad-api-key"
