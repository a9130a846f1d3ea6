"""The rules of polls over HTTP and on the socket: what counts, what does not, and what of it stands in Kafka."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.gateway import kafka_log
from tests.gateway.api import Answer, Api
from tests.gateway.receipts.opened import opened
from tests.gateway.routes.test_live import next_of, watch

Say = Callable[..., Awaitable[dict[str, Any]]]
"""Votes, or withdraws without choices, and returns the members of the answer: a problem's name is in `problem`."""


def told(answer: Answer) -> dict[str, Any]:
    return {**answer.body, "problem": answer.problem} if answer.status >= 400 else dict(answer.body)


async def by_http(api: Api, stream: str, token: str) -> Say:
    async def say(poll: str, *choices: str) -> dict[str, Any]:
        if choices:
            return told(await api.vote(stream, poll, token, list(choices)))
        return told(await api.call("DELETE", f"/v1/streams/{stream}/polls/{poll}/votes", token=token))

    return say


async def by_socket(api: Api, stream: str, token: str) -> Say:
    ws = await watch(api, stream, token)

    async def say(poll: str, *choices: str) -> dict[str, Any]:
        frame = {"type": "vote", "choices": list(choices)} if choices else {"type": "withdraw"}
        await ws.send_json({**frame, "id": 1, "poll_id": poll})
        async with asyncio.timeout(20):
            while (message := await ws.receive_json())["type"] not in ("ack", "error"):
                pass
        if message["type"] == "error":
            message["problem"] = message["problem"].removeprefix("/problems/")
        return dict(message)

    return say


@pytest.fixture(params=[by_http, by_socket])
def way(request: pytest.FixtureRequest) -> Any:
    return request.param


async def written(bootstrap: str, stream: str) -> list[dict[str, Any]]:
    votes = await asyncio.to_thread(kafka_log.votes, bootstrap, stream)
    return sorted(votes, key=lambda vote: vote["receipt"])


async def test_a_vote_changed_and_withdrawn_is_three_entries(api: Api, bootstrap: str, way: Any) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, allow_change=True, allow_withdraw=True, max_choices=2)
    say = await way(api, stream, await api.token(stream))
    answers = [await say(poll, "1"), await say(poll, "2", "3"), await say(poll)]
    votes = await written(bootstrap, stream)
    assert [opened(answer["receipt"]).ulid for answer in answers] == [vote["receipt"] for vote in votes]
    assert [opened(answer["receipt"]).kind for answer in answers] == ["vote", "vote", "withdrawal"]
    assert [vote["choices"] for vote in votes] == [0b001, 0b110, 0]
    assert len({vote["voter"] for vote in votes}) == 1
    rules = {(vote["max_choices"], vote["allow_change"], vote["allow_withdraw"], vote["eligible"]) for vote in votes}
    assert rules == {(2, True, True, True)}


async def test_a_vote_within_the_grace_counts_and_one_after_it_is_late(api: Api, bootstrap: str, way: Any) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    grace_s = (await api.show(stream, poll)).body["grace_ms"] / 1_000
    say = await way(api, stream, await api.token(stream))
    await api.step(stream, poll, "close")
    assert "receipt" in await say(poll, "1")
    await asyncio.sleep(grace_s)
    late = await say(poll, "2")
    assert (late["problem"], late["status"]) == ("late-vote", 409)
    assert opened(late["receipt"]).kind == "late"
    in_time, too_late = await written(bootstrap, stream)
    assert in_time["at"] <= in_time["deadline"] == too_late["deadline"] < too_late["at"]
    assert too_late["receipt"] == opened(late["receipt"]).ulid


async def test_the_end_of_a_stream_closes_its_polls_with_their_grace(api: Api, way: Any) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, allow_change=True)
    grace_s = (await api.show(stream, poll)).body["grace_ms"] / 1_000
    say = await way(api, stream, await api.token(stream))
    assert "receipt" in await say(poll, "1")
    await api.call("POST", f"/v1/streams/{stream}/end")
    in_time = await say(poll, "2")
    assert opened(in_time["receipt"]).kind == "vote"
    await asyncio.sleep(grace_s)
    late = await say(poll, "3")
    assert (late["problem"], opened(late["receipt"]).kind) == ("late-vote", "late")


async def test_a_poll_closes_by_the_gateways_clock(api: Api, bootstrap: str, way: Any) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, closes_in_s=1)
    say = await way(api, stream, await api.token(stream))
    await asyncio.sleep(1.6)
    assert (await say(poll, "1"))["problem"] == "late-vote"
    (vote,) = await written(bootstrap, stream)
    assert vote["at"] > vote["deadline"]


async def test_claims_decide_who_may_vote(api: Api, bootstrap: str, way: Any) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, eligibility={"team": ["red", "blue"], "member": [True]})
    good = await way(api, stream, await api.token(stream, "v1", claims={"team": "blue", "member": True}))
    bad = await way(api, stream, await api.token(stream, "v2", claims={"team": "blue", "member": 1}))
    assert "receipt" in await good(poll, "1")
    refused = await bad(poll, "1")
    assert (refused["problem"], refused["status"]) == ("ineligible", 403)
    assert opened(refused["receipt"]).kind == "ineligible"
    assert [vote["eligible"] for vote in await written(bootstrap, stream)] == [True, False]


async def test_what_a_rule_forbids_has_its_problem_and_is_nowhere(api: Api, bootstrap: str, way: Any) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, allow_change=True)
    say = await way(api, stream, await api.token(stream))

    async def problem(*choices: str) -> str:
        answer = await say(poll, *choices)
        assert "receipt" not in answer
        return str(answer["problem"])

    assert await problem("9") == "unknown-option"
    assert await problem("1", "2") == "too-many-choices"
    assert await problem("1", "1") == "duplicate-choices"
    assert await problem() == "not-withdrawable"
    await api.step(stream, poll, "pause")
    assert await problem("1") == "paused-poll"
    await api.step(stream, poll, "cancel")
    assert await problem("1") == "cancelled-poll"
    assert await written(bootstrap, stream) == []


async def test_the_rules_are_locked_by_the_first_vote(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    assert (await api.edit(stream, poll, {"question": "Who else?"})).status == 200
    token = await api.token(stream)
    async with asyncio.timeout(20):
        while (answer := await api.vote(stream, poll, token, ["1"])).status != 202:
            assert answer.problem == "too-much-waiting"
            await asyncio.sleep(0.2)
    assert (await api.edit(stream, poll, {"question": "Who now?"})).problem == "locked-poll"


async def test_two_polls_make_two_voters_of_one_viewer(api: Api, bootstrap: str) -> None:
    stream = await api.stream()
    token = await api.token(stream)
    for _ in range(2):
        assert (await api.vote(stream, await api.poll(stream), token, ["1"])).status == 202
    assert len({vote["voter"] for vote in await written(bootstrap, stream)}) == 2


async def test_numbers_come_after_the_ack_of_a_vote(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, results="after_vote")
    ws = await watch(api, stream, await api.token(stream))
    assert (await next_of(ws, "snapshot"))["polls"][0]["results_hidden"] is True
    await ws.send_json({"type": "vote", "id": 1, "poll_id": poll, "choices": ["1"]})
    shown: list[str] = []
    async with asyncio.timeout(20):
        while "poll" not in shown:
            shown.append((await ws.receive_json())["type"])
    assert "ack" in shown
    await ws.close()
