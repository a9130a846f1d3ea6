"""A request is answered alike by either way. With its body in chunks it takes the usual one."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.request_id import FIELD, HEADER
from tests.gateway.api import Answer, Api
from tests.gateway.receipts.opened import opened

STREAM = "/v1/streams/{stream}"
REACTIONS = STREAM + "/reactions"
VOTES = STREAM + "/polls/{poll}/votes"
TAP, VOTE = {"counts": {"🔥": 2}}, {"choices": ["1"]}


async def both(api: Api, path: str, body: object, token: str | None) -> tuple[Answer, Answer]:
    """Return the answers of the short way and of the usual one."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def chunks() -> AsyncIterator[bytes]:
        yield raw

    return await api.call("POST", path, raw, token), await api.call("POST", path, None, token, data=chunks())


def shown(answer: Answer) -> tuple[Any, ...]:
    """Return what must not differ."""
    own = ("date", "content-length", HEADER)
    headers = {name: value for name, value in answer.headers.items() if name not in own}
    body = {name: value for name, value in answer.body.items() if name != FIELD}
    return answer.status, body, headers


@pytest.fixture
async def ids(api: Api) -> dict[str, str]:
    stream = await api.stream()
    found = {"stream": stream, "poll": await api.poll(stream), "closed": await api.poll(stream)}
    # The first vote of a poll takes the usual way anyway.
    for poll in (found["poll"], found["closed"]):
        await api.vote(stream, poll, await api.token(stream, "first"), ["1"])
    await api.step(stream, found["closed"], "cancel")
    return found


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (REACTIONS, b""),
        (REACTIONS, b"{"),
        (REACTIONS, b"\xff"),
        (REACTIONS, b"[" * 1000),
        (REACTIONS, {}),
        (REACTIONS, {"counts": {}}),
        (REACTIONS, {"counts": {"🦄": 1}}),
        (REACTIONS, {"counts": {"🔥": -1}}),
        (REACTIONS, {"counts": {"🔥": 0}}),
        (REACTIONS, {"counts": {"🔥": 10**9}}),
        (REACTIONS, {"counts": {"🔥": 1.5}}),
        (REACTIONS, {"counts": {"🔥": 1}, "playback_ms": -1}),
        (VOTES, {}),
        (VOTES, {"choices": "1"}),
        (VOTES, {"choices": []}),
        (VOTES, {"choices": ["9"]}),
        (VOTES, {"choices": ["1", "1"]}),
        (VOTES, {"choices": ["1", "2"]}),
        (VOTES.replace("{poll}", "none"), VOTE),
        (VOTES.replace("{poll}", "{closed}"), VOTE),
        (REACTIONS.replace("{stream}", "none"), TAP),
        (VOTES.replace("{stream}", "-x"), VOTE),
    ],
)
async def test_bad_requests(api: Api, ids: dict[str, str], path: str, body: object) -> None:
    short, usual = await both(api, path.format(**ids), body, await api.token(ids["stream"]))
    assert short.status >= 400
    assert shown(short) == shown(usual)


@pytest.mark.parametrize("path", [REACTIONS, VOTES])
async def test_callers_without_a_right(api: Api, ids: dict[str, str], path: str) -> None:
    body = TAP if path == REACTIONS else VOTE
    tokens = [
        None,
        "x",
        "x" * 5_000,
        await api.token(await api.stream()),
        await api.token(ids["stream"], role="overlay"),
    ]
    for token in tokens:
        short, usual = await both(api, path.format(**ids), body, token)
        assert short.status in (401, 403)
        assert shown(short) == shown(usual)


async def test_taps(api: Api, ids: dict[str, str]) -> None:
    short, usual = await both(api, REACTIONS.format(**ids), TAP, await api.token(ids["stream"]))
    assert (short.status, short.body["counted"]) == (202, 2)
    assert short.body.keys() == usual.body.keys()
    assert shown(short)[2] == shown(usual)[2]


async def test_votes(api: Api, ids: dict[str, str]) -> None:
    short, usual = await both(api, VOTES.format(**ids), VOTE, await api.token(ids["stream"]))
    assert shown(short)[::2] == shown(usual)[::2]
    first, second = (opened(answer.body["receipt"]) for answer in (short, usual))
    assert (first.voter, first.poll_id, first.kind) == (second.voter, second.poll_id, second.kind)
    assert first.ulid < second.ulid
