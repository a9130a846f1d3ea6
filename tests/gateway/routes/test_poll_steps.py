"""A poll's life by HTTP: steps, edits, times and the lock of the first vote."""

import asyncio
import time
from typing import Any

import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from gateway.control.changes import cancel_poll, close_poll, open_poll, pause_poll
from tests.gateway import kafka_log
from tests.gateway.api import Answer, Api
from tests.gateway.control.test_changes import ALLOWED

STEPS = {"open": open_poll, "pause": pause_poll, "close": close_poll, "cancel": cancel_poll}
WAYS = {
    "draft": (),
    "open": ("open",),
    "paused": ("open", "pause"),
    "closed": ("open", "close"),
    "cancelled": ("cancel",),
}


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.mark.parametrize("status", WAYS)
@pytest.mark.parametrize("step", STEPS)
async def test_each_step_from_each_status(api: Api, status: Any, step: str) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, open=False)
    for way in WAYS[status]:
        assert (await api.step(stream, poll, way)).status == 200
    expected = ALLOWED[STEPS[step]][status]
    answer = await api.step(stream, poll, step)
    assert expected == (answer.body["status"] if answer.status == 200 else answer.problem)
    if answer.status != 200:
        assert (await api.show(stream, poll)).body["status"] == status


async def test_a_condition_that_holds_no_more(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, open=False)
    read = (await api.show(stream, poll)).headers["etag"]
    opened = await api.step(stream, poll, "open", headers={"if-match": read})
    assert (opened.status, opened.headers["etag"]) == (200, '"2.0"')
    for call in (
        api.step(stream, poll, "close", headers={"if-match": read}),
        api.edit(stream, poll, {"question": "Why?"}, headers={"if-match": read}),
        api.edit(stream, poll, {"question": "Why?"}, headers={"if-match": '"nonsense"'}),
    ):
        assert (await call).problem == "precondition-failed"
    # Votes move the second number, and no editor minds.
    for step, tag in (("pause", '"2.999"'), ("open", "*"), ("pause", f'{read}, "4.1"')):
        assert (await api.step(stream, poll, step, headers={"if-match": tag})).status == 200


async def test_a_schedule_by_the_clock(api: Api, bootstrap: str) -> None:
    stream = await api.stream()
    token = await api.token(stream)
    opens_at = now_ms() + 1_000
    poll = await api.poll(stream, open=False, opens_at=opens_at, closes_in_s=1)
    assert (await api.vote(stream, poll, token, ["1"])).problem == "poll-not-open"
    opened = await api.until_status(stream, poll, "open")
    assert 0 <= now_ms() - opens_at < 500
    assert (await api.vote(stream, poll, token, ["1"])).status == 202
    closed = await api.until_status(stream, poll, "closed")
    assert 1_000 <= now_ms() - opens_at < 1_500
    assert opened.body["closes_at"] == closed.body["closes_at"] == opens_at + 1_000

    async def written() -> list[tuple[str, int | None, int | None]]:
        found = await asyncio.to_thread(kafka_log.records, bootstrap, "control", f'"{poll}"')
        return list(dict.fromkeys((each["status"], each["opened_at"], each["closed_at"]) for each in found))

    async with asyncio.timeout(10):
        while len(await written()) < 3:
            pass
    assert await written() == [
        ("scheduled", None, None),
        ("open", opens_at, None),
        ("closed", opens_at, opens_at + 1_000),
    ]


async def test_a_closing_time_moves_while_the_poll_is_open(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, closes_in_s=1)
    assert (await api.vote(stream, poll, await api.token(stream), ["1"])).status == 202
    edited = await api.edit(stream, poll, {"closes_in_s": 3})
    assert edited.body["closes_at"] == edited.body["opened_at"] + 3_000
    await asyncio.sleep(1.3)
    assert (await api.show(stream, poll)).body["status"] == "open"
    assert (await api.edit(stream, poll, {"closes_in_s": 1})).body["field"] == "closes_in_s"
    at = now_ms() + 200
    assert (await api.edit(stream, poll, {"closes_at": at})).body["closes_at"] == at
    assert (await api.until_status(stream, poll, "closed")).body["closes_at"] == at
    assert (await api.edit(stream, poll, {"closes_in_s": 60})).problem == "closed-poll"


async def test_drafts_and_schedules_change_freely(api: Api) -> None:
    stream = await api.stream()
    poll = await api.poll(stream, open=False)
    body = {
        "question": "Why?",
        "options": ["x", "y", "z", "w"],
        "max_choices": 4,
        "allow_change": True,
        "allow_withdraw": True,
        "results": "after_vote",
        "correct": ["4"],
        "eligibility": {"tier": ["gold"]},
        "opens_at": now_ms() + 60_000,
        "closes_at": now_ms() + 120_000,
    }
    scheduled = await api.edit(stream, poll, body)
    assert (scheduled.status, scheduled.body["status"]) == (200, "scheduled")
    shown = scheduled.body
    assert shown.items() >= {key: value for key, value in body.items() if key != "options"}.items()
    assert [option["text"] for option in shown["options"]] == body["options"]
    again = await api.edit(stream, poll, {"opens_at": None})
    assert (again.body["status"], again.body["opens_at"], again.body["question"]) == ("draft", None, "Why?")
    for change, problem in (
        ({"options": ["x", "y"]}, "invalid-rules"),
        ({"allow_change": False}, "invalid-rules"),
        ({"closes_at": now_ms() - 1}, "invalid-schedule"),
        ({"options": ["x"]}, "invalid-field"),
        ({"question": None}, "invalid-field"),
    ):
        assert (await api.edit(stream, poll, change)).problem == problem


async def test_rules_are_locked_by_the_first_vote_at_any_gateway(three: list[Api], redis_url: str) -> None:
    here, there, _ = three
    stream = await here.stream()
    poll = await here.poll(stream)
    await there.until_known(stream, poll)
    token = await here.token(stream)
    edited = await here.edit(stream, poll, {"question": "Better?"})
    assert (edited.status, edited.body["status"]) == (200, "open")
    await voted(there, stream, poll, token)
    for body in ({"question": "Worse?"}, {"options": ["x", "y"]}, {"max_choices": 2}, {"results": "after_close"}):
        for api in (here, there):
            assert (await api.edit(stream, poll, body)).problem == "locked-poll"
    assert (await here.step(stream, poll, "pause")).status == 200
    assert (await here.edit(stream, poll, {"question": "Worse?"})).problem == "locked-poll"
    assert (await here.edit(stream, poll, {"closes_in_s": 600})).status == 200
    async with Redis.from_url(redis_url) as redis:
        assert await redis.exists(redis_keys.poll_lock(stream, poll))


async def voted(api: Api, stream: str, poll: str, token: str) -> Answer:
    """Vote, again and again while the poll is being edited."""
    async with asyncio.timeout(10):
        while (answer := await api.vote(stream, poll, token, ["1"])).status == 503:
            assert answer.problem == "too-much-waiting"
    assert answer.status == 202, answer
    return answer


async def edited_later(api: Api, stream: str, poll: str, seconds: float) -> Answer:
    await asyncio.sleep(seconds)
    return await api.edit(stream, poll, {"options": ["1", "2", "3", "4", "5"]})


async def test_no_vote_is_taken_by_rules_that_an_edit_replaces(three: list[Api], bootstrap: str) -> None:
    """An edit and first votes at the same moment: either the edit is refused, or every vote has the new rules."""
    here, *others = three
    for round_ in range(10):
        stream = await here.stream()
        poll = await here.poll(stream)
        await asyncio.gather(*(api.until_known(stream, poll) for api in others))
        tokens = [await here.token(stream, f"viewer-{number}") for number in range(len(others))]
        edited, *_ = await asyncio.gather(
            edited_later(here, stream, poll, round_ * 0.001),
            *(voted(api, stream, poll, token) for api, token in zip(others, tokens, strict=True)),
        )
        options = {vote["options"] for vote in await asyncio.to_thread(kafka_log.votes, bootstrap, stream)}
        assert options == ({5} if edited.status == 200 else {3}), edited
