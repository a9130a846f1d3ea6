"""Invites: who opens one gets a token of its own, and an invite itself opens nothing else."""

from typing import Any

import aiohttp
import jwt
import pytest

from tests.gateway.api import Answer, Api
from tests.gateway.processes import TOKEN_SECRET


def said_by(token: str) -> dict[str, Any]:
    return jwt.decode(token, TOKEN_SECRET, algorithms=["HS256"], audience="ovation")


async def invite(api: Api, stream: str, **fields: object) -> Answer:
    answer = await api.call("POST", f"/v1/streams/{stream}/tokens", {"role": "invite", **fields})
    assert answer.status == 201, answer
    return answer


async def let_in(api: Api, stream: str, token: str | None, **headers: str) -> Answer:
    return await api.call("POST", f"/v1/streams/{stream}/viewers", token=token, headers=headers)


async def test_everybody_who_opens_it_is_a_viewer_of_its_own(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    link = await invite(api, stream, expires_in_s=600, claims={"tier": "open"})
    guests = [await let_in(api, stream, link.body["token"]) for _ in range(3)]
    assert {guest.status for guest in guests} == {201}
    assert {guest.headers["cache-control"] for guest in guests} == {"no-store"}
    assert len({guest.body["viewer_id"] for guest in guests}) == 3
    for guest in guests:
        said = said_by(guest.body["token"])
        assert (said["role"], said["stream"], said["claims"]) == ("viewer", stream, {"tier": "open"})
        assert said["sub"] == guest.body["viewer_id"]
        assert guest.body["expires_at"] == link.body["expires_at"] == said["exp"] * 1000
        assert (await api.react(stream, guest.body["token"], {"🔥": 1})).status == 202
        assert (await api.vote(stream, poll, guest.body["token"], ["1"])).status == 202


async def test_it_ends_no_later_than_the_invite_says_and_not_before(api: Api) -> None:
    """Neither claim of a token that a backend has written is lost on the way."""
    stream = await api.stream()
    end = 4_000_000_000.5
    claims = {"aud": "ovation", "sub": "poster", "stream": stream, "role": "invite", "exp": end, "nbf": 1}
    guest = await let_in(api, stream, jwt.encode(claims, TOKEN_SECRET, algorithm="HS256"))
    said = said_by(guest.body["token"])
    assert (said["exp"], said["nbf"], guest.body["expires_at"]) == (end, 1, int(end * 1000))


async def test_an_invite_opens_nothing_else(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    token = (await invite(api, stream)).body["token"]
    refused = (
        await api.react(stream, token, {"🔥": 1}),
        await api.vote(stream, poll, token, ["1"]),
        await api.show(stream, poll, token),
        await api.call("GET", f"/v1/streams/{stream}", token=token),
        await api.call("DELETE", f"/v1/streams/{stream}/polls/{poll}/votes", token=token),
    )
    assert [answer.problem for answer in refused] == ["role-not-allowed"] * len(refused)
    assert (await api.call("POST", f"/v1/streams/{stream}/tokens", {"role": "invite"}, token)).problem == "bad-api-key"
    with pytest.raises(aiohttp.WSServerHandshakeError) as denied:
        await api.session.ws_connect(f"{api.url}/v1/streams/{stream}/ws", headers={"authorization": f"Bearer {token}"})
    assert denied.value.status == 403


async def test_nobody_else_lets_viewers_in(api: Api) -> None:
    stream, other = await api.stream(), await api.stream()
    for role in ("viewer", "overlay"):
        assert (await let_in(api, stream, await api.token(stream, role=role))).problem == "role-not-allowed"
    assert (await let_in(api, stream, None)).problem == "missing-token"
    assert (await let_in(api, stream, "no.such.token")).problem == "bad-token"
    assert (await let_in(api, other, (await invite(api, stream)).body["token"])).problem == "foreign-token"
    old = {"aud": "ovation", "sub": "x", "stream": stream, "role": "invite", "exp": 1_700_000_000}
    assert (await let_in(api, stream, jwt.encode(old, TOKEN_SECRET, algorithm="HS256"))).problem == "expired-token"
    lost = {**old, "stream": "none", "exp": 4_000_000_000}
    assert (await let_in(api, "none", jwt.encode(lost, TOKEN_SECRET, algorithm="HS256"))).problem == "unknown-stream"


async def test_a_browser_that_lost_the_answer_is_still_one_viewer(three: list[Api]) -> None:
    api, other, _ = three
    stream = await api.stream()
    await other.until_known(stream)
    token = (await invite(api, stream)).body["token"]
    key = {"idempotency-key": "b9b6a7e2-2f4e-4c6e-9a43-0c0f5d2a7c11"}
    first, again = await let_in(api, stream, token, **key), await let_in(other, stream, token, **key)
    assert first.body == again.body
    assert (await let_in(api, stream, token)).body["viewer_id"] != first.body["viewer_id"]
