"""A poll by HTTP: how it is made, read and listed."""

import time
from typing import Any

import pytest

from contracts.limits import GRACE_MS, MAX_STREAM_MS
from tests.gateway.api import Api

OPTIONS = ["England", "Germany", "Brazil"]
QUIZ: dict[str, Any] = {
    "question": "Who won in 1966?",
    "options": OPTIONS,
    "max_choices": 1,
    "allow_change": True,
    "allow_withdraw": True,
    "results": "after_close",
    "correct": ["1"],
    "eligibility": {"tier": ["gold", 3, True]},
}
NUMBERS = {
    *("voters", "received", "replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible", "version"),
}


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def created(api: Api, stream: str, **fields: Any) -> dict[str, Any]:
    answer = await api.call("POST", f"/v1/streams/{stream}/polls", {"question": "Q?", "options": ["a", "b"], **fields})
    assert answer.status == 201, answer
    assert isinstance(answer.body, dict)
    return answer.body


async def test_a_poll_is_answered_with_all_its_rules_and_never_its_salt(api: Api) -> None:
    stream = await api.stream()
    answer = await api.call("POST", f"/v1/streams/{stream}/polls", {**QUIZ, "poll_id": "quiz"})
    assert (answer.status, answer.headers["location"]) == (201, f"/v1/streams/{stream}/polls/quiz")
    assert answer.headers["etag"] == '"1.0"'
    options = [{"id": str(number), "text": text} for number, text in enumerate(OPTIONS, 1)]
    expected = {**QUIZ, "options": options}
    assert answer.body.items() >= {**expected, "status": "draft", "revision": 1, "grace_ms": GRACE_MS}.items()
    shown = await api.show(stream, "quiz")
    assert shown.body.items() >= {key: value for key, value in expected.items() if key != "options"}.items()
    for each in (answer, shown):
        assert "salt" not in str(each.body)


async def test_draft_scheduled_or_open(api: Api) -> None:
    stream = await api.stream()
    opens_at = now_ms() + 60_000
    draft = await created(api, stream, closes_in_s=30)
    scheduled = await created(api, stream, opens_at=opens_at, closes_in_s=30)
    opened = await created(api, stream, open=True, closes_in_s=30)
    assert [each["status"] for each in (draft, scheduled, opened)] == ["draft", "scheduled", "open"]
    assert (draft["closes_at"], scheduled["closes_at"]) == (None, opens_at + 30_000)
    assert opened["closes_at"] == opened["opened_at"] + 30_000


@pytest.mark.parametrize(
    ("fields", "problem", "field"),
    [
        ({"max_choices": 3}, "invalid-rules", "max_choices"),
        ({"allow_withdraw": True}, "invalid-rules", "allow_withdraw"),
        ({"correct": ["3"]}, "invalid-rules", "correct"),
        ({"correct": ["1", "1"]}, "invalid-rules", "correct"),
        ({"correct": ["0"]}, "invalid-field", "correct[0]"),
        ({"correct": [1]}, "invalid-field", "correct[0]"),
        ({"eligibility": {"tier": []}}, "invalid-field", "eligibility"),
        ({"eligibility": {str(n): [1] for n in range(9)}}, "invalid-field", "eligibility"),
        ({"eligibility": {"tier": [None]}}, "invalid-field", None),
        ({"opens_at": 5}, "invalid-field", "opens_at"),
    ],
)
async def test_rules_that_cannot_be(api: Api, fields: dict[str, Any], problem: str, field: str | None) -> None:
    await refused(api, fields, problem, field)


@pytest.mark.parametrize(
    ("rules", "from_now", "field"),
    [
        ({"open": True}, {"opens_at": 60_000}, "opens_at"),
        ({}, {"opens_at": -1}, "opens_at"),
        ({}, {"opens_at": MAX_STREAM_MS + 600_000}, "opens_at"),
        ({}, {"closes_at": -1}, "closes_at"),
        ({}, {"opens_at": 600_000, "closes_at": 500_000}, "closes_at"),
    ],
)
async def test_times_that_cannot_be(api: Api, rules: dict[str, Any], from_now: dict[str, int], field: str) -> None:
    times = {name: now_ms() + away_ms for name, away_ms in from_now.items()}
    await refused(api, {**rules, **times}, "invalid-schedule", field)


async def refused(api: Api, fields: dict[str, Any], problem: str, field: str | None) -> None:
    stream = await api.stream()
    answer = await api.call("POST", f"/v1/streams/{stream}/polls", {"question": "Q?", "options": ["a", "b"], **fields})
    assert answer.problem == problem
    if field is not None:
        assert answer.body["field"] == field
    assert (await api.call("GET", f"/v1/streams/{stream}/polls")).body["polls"] == []


async def test_viewers_see_no_drafts_and_no_right_answer_before_the_end(api: Api) -> None:
    stream = await api.stream()
    token = await api.token(stream)
    draft, quiz = await created(api, stream), await created(api, stream, **QUIZ)

    async def listed(token: str | None = None) -> dict[str, dict[str, Any]]:
        options = {} if token is None else {"token": token}
        answer = await api.call("GET", f"/v1/streams/{stream}/polls", **options)
        return {poll["poll_id"]: poll for poll in answer.body["polls"]}

    assert list(await listed()) == [draft["poll_id"], quiz["poll_id"]]
    assert await listed(token) == {}
    assert (await api.show(stream, quiz["poll_id"], token)).problem == "unknown-poll"
    await api.step(stream, quiz["poll_id"], "open")
    opened = (await listed(token))[quiz["poll_id"]]
    assert (opened["status"], opened.keys() & {"correct", "eligibility"}) == ("open", set())
    shown = (await api.show(stream, quiz["poll_id"], token)).body
    assert shown["results_hidden"] is True
    assert not shown.keys() & (NUMBERS | {"correct", "eligibility"})
    assert [option.keys() for option in shown["options"]] == [{"id", "text"}] * 3
    everything = (await api.show(stream, quiz["poll_id"])).body
    assert everything.keys() >= NUMBERS
    assert everything["correct"] == ["1"]
    await api.step(stream, quiz["poll_id"], "close")
    closed = (await api.show(stream, quiz["poll_id"], token)).body
    assert closed.keys() >= NUMBERS
    assert closed["correct"] == (await listed(token))[quiz["poll_id"]]["correct"] == ["1"]


async def test_who_has_the_newest_copy_is_told_so(api: Api) -> None:
    stream = await api.stream()
    poll = (await created(api, stream, open=True))["poll_id"]
    first = await api.show(stream, poll)
    assert first.headers["etag"] == '"1.0"'
    assert first.headers["cache-control"] == "private, no-cache"
    same = await api.show(stream, poll, headers={"if-none-match": first.headers["etag"]})
    assert (same.status, same.body) == (304, "")
    await api.step(stream, poll, "pause")
    changed = await api.show(stream, poll, headers={"if-none-match": first.headers["etag"]})
    assert (changed.status, changed.headers["etag"]) == (200, '"2.0"')


async def test_a_creation_that_is_repeated_with_its_key_makes_one_poll(three: list[Api]) -> None:
    stream = await three[0].stream()
    for api in three:
        await api.until_known(stream)
    headers = {"idempotency-key": f"key-{stream}"}
    body = {"question": "Q?", "options": ["a", "b"]}
    answers = [await api.call("POST", f"/v1/streams/{stream}/polls", body, headers=headers) for api in three]
    assert [answer.status for answer in answers] == [201] * 3
    assert len({answer.body["poll_id"] for answer in answers}) == 1
    assert len((await three[0].call("GET", f"/v1/streams/{stream}/polls")).body["polls"]) == 1
