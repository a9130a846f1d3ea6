"""Who may call what: every operation of the API's description against everybody who must not call it.

The description says of each operation whose it is, so one that is added is tried too.
"""

import itertools
import json
from typing import Any

import pytest

from gateway.app import create_app
from gateway.settings import Settings
from tests.gateway.api import Answer, Api
from tests.gateway.processes import TOKEN_SECRET, VOTER_SECRET
from tests.gateway.tabs import welcomed

Operation = tuple[str, str, dict[str, Any]]

_WAYS = ("get", "post", "patch", "delete")
PUBLIC = {
    "prometheus", "livez", "readyz", "explain_all", "explain", "live", "events", "read_receipt",
}  # fmt: skip
NO_ACCESS = {401, 403}


def _operations() -> list[Operation]:
    settings = Settings(api_keys="k", token_secret=TOKEN_SECRET, voter_secret=VOTER_SECRET, _env_file=None)  # type: ignore[call-arg, arg-type]
    paths = create_app(settings).openapi()["paths"]
    return [(path, way, paths[path][way]) for path in paths for way in _WAYS if way in paths[path]]


OPERATIONS = _operations()


def _schemes(operation: dict[str, Any]) -> set[str]:
    return {name for each in operation.get("security", []) for name in each}


BROADCASTERS = [each for each in OPERATIONS if _schemes(each[2]) == {"apiKey"}]
VIEWERS = [each for each in OPERATIONS if _schemes(each[2]) - {"apiKey"}]


def _named(operation: Operation) -> str:
    return str(operation[2]["operationId"])


class World:
    """Two streams, each with a poll, and everybody's tokens."""

    def __init__(self, api: Api) -> None:
        self.api = api

    async def make(self) -> "World":
        api = self.api
        self.stream, self.other = await api.stream(), await api.stream()
        self.poll, self.foreign_poll = await api.poll(self.stream), await api.poll(self.other)
        self.viewer = await api.token(self.stream)
        self.overlay = await api.token(self.stream, role="overlay")
        made = await api.call("POST", f"/v1/streams/{self.stream}/tokens", {"role": "invite"})
        self.invite = str(made.body["token"])
        self.foreigner = await api.token(self.other)
        return self

    async def call(self, operation: Operation, token: str | None) -> Answer:
        path, way, _ = operation
        for name, value in {"stream": self.stream, "poll": self.poll, "key": "abc"}.items():
            path = path.replace(f"{{{name}}}", value)
        return await self.api.call(way.upper(), path, {} if way in {"post", "patch"} else None, token)


@pytest.fixture
async def world(api: Api) -> World:
    return await World(api).make()


def test_whatever_asks_for_no_credentials_is_meant_to() -> None:
    public = {_named(each) for each in OPERATIONS if not _schemes(each[2])}
    pages = {_named(each) for each in OPERATIONS if each[2].get("tags") == ["pages"]}
    assert public - pages == PUBLIC
    assert {each[1] for each in OPERATIONS if _named(each) in public} == {"get"}
    assert len(BROADCASTERS) > 15 < len(OPERATIONS)


@pytest.mark.parametrize("operation", BROADCASTERS, ids=_named)
async def test_a_broadcasters_call_is_nobody_elses(world: World, operation: Operation) -> None:
    """A viewer cannot close polls, mint tokens, read hidden results or exports, nor can an overlay or an invite."""
    for token in (None, world.viewer, world.overlay, world.invite, world.foreigner, "ovk_abc_made-up"):
        answer = await world.call(operation, token)
        assert (answer.status, answer.problem) == (401, "bad-api-key"), (token, answer)


@pytest.mark.parametrize("operation", VIEWERS, ids=_named)
async def test_a_viewers_call_needs_a_token_of_that_stream(world: World, operation: Operation) -> None:
    for token in (None, world.foreigner, "ovk_abc_made-up", world.viewer[:-2]):
        answer = await world.call(operation, token)
        assert answer.status in NO_ACCESS, (token, answer)


async def test_an_overlay_neither_taps_nor_votes_nor_withdraws_nor_lets_anybody_in(world: World) -> None:
    path = f"/v1/streams/{world.stream}"
    calls = [
        ("POST", f"{path}/reactions", {"counts": {"🔥": 1}}),
        ("POST", f"{path}/polls/{world.poll}/votes", {"choices": ["1"]}),
        ("DELETE", f"{path}/polls/{world.poll}/votes", None),
        ("POST", f"{path}/viewers", {}),
    ]
    for method, at, body in calls:
        answer = await world.api.call(method, at, body, world.overlay)
        assert (answer.status, answer.problem) == (403, "role-not-allowed"), at
    tab = await welcomed(world.api, world.stream, world.overlay)
    await tab.tap(1)
    assert (await tab.answer())["problem"] == "/problems/role-not-allowed"
    await tab.vote(2, world.poll, "1")
    assert (await tab.answer())["problem"] == "/problems/role-not-allowed"
    await tab.socket.close()


async def test_a_viewer_votes_nowhere_else(world: World) -> None:
    api = world.api
    assert (await api.vote(world.other, world.foreign_poll, world.viewer, ["1"])).problem == "foreign-token"
    assert (await api.vote(world.stream, world.foreign_poll, world.viewer, ["1"])).problem == "unknown-poll"
    tab = await welcomed(api, world.stream, world.viewer)
    await tab.vote(1, world.foreign_poll, "1")
    assert (await tab.answer())["problem"] == "/problems/unknown-poll"
    await tab.socket.close()


async def test_nobody_reads_or_uses_anothers_receipt(world: World) -> None:
    """It is sealed and not to be made up; who has stolen one sees no results by it, only what became of that vote."""
    api = world.api
    poll = await api.poll(world.stream, results="after_vote")
    receipt = (await api.vote(world.stream, poll, world.viewer, ["1"])).body["receipt"]
    thief = await api.token(world.stream, "thief")
    shown = await api.call("GET", f"/v1/streams/{world.stream}/polls/{poll}?receipt={receipt}", token=thief)
    mine = await api.call("GET", f"/v1/streams/{world.stream}/polls/{poll}?receipt={receipt}", token=world.viewer)
    assert (mine.body["results_hidden"], shown.body["results_hidden"]) == (False, True)
    assert shown.body.keys().isdisjoint({"voters", "received", "version"}) and "votes" not in shown.body["options"][0]
    for index, change in itertools.product((0, len(receipt) // 2, len(receipt) - 1), "AB"):
        forged = receipt[:index] + change + receipt[index + 1 :]
        if forged != receipt:
            answer = await api.call("GET", f"/v1/receipts/{forged}", token=thief)
            assert answer.problem == "unknown-receipt"
    tab = await welcomed(api, world.stream, thief)
    await tab.say(type="show", id=1, receipt=receipt)
    assert (await tab.answer())["problem"] == "/problems/unknown-receipt"
    await tab.socket.close()
    assert "viewer-1" not in json.dumps(mine.body)


SCOPES = ("streams", "polls", "tokens", "read", "keys")


async def test_each_broadcasters_call_is_opened_by_one_scope_and_no_other(world: World) -> None:
    """A key that only reads closes no poll; one that runs polls writes no tokens, and so on."""
    keys = {}
    for scope in SCOPES:
        made = await world.api.call("POST", "/v1/keys", {"name": scope, "scopes": [scope]})
        keys[scope] = str(made.body["key"])
    for operation in BROADCASTERS:
        answers = {scope: await world.call(operation, key) for scope, key in keys.items()}
        opened = [scope for scope, answer in answers.items() if answer.status != 403]
        assert len(opened) == 1, (_named(operation), opened)
        assert {answers[scope].problem for scope in SCOPES if scope not in opened} == {"missing-scope"}
