from typing import Any

import msgspec
import pytest

from contracts.limits import GRACE_MS
from gateway.control.model import Option
from gateway.refusal import Refused
from gateway.routes.poll_edits import answered, changed, made
from gateway.routes.poll_shapes import NewPoll, PollChange
from tests.gateway.records import AT, poll, result

STAMP = {"region": "eu", "edge": "gw-1", "at": AT, "revision": 1}


def new(**fields: Any) -> NewPoll:
    return msgspec.convert({"question": "Who?", "options": ["Ana", "Bo"], **fields}, NewPoll)


def change(**fields: Any) -> PollChange:
    return msgspec.convert(fields, PollChange)


def test_is_made_as_a_draft_or_scheduled_or_open() -> None:
    draft = made(new(), "cup", "p", STAMP)
    scheduled = made(new(opens_at=AT + 5), "cup", "p", STAMP)
    opened = made(new(open=True, closes_in_s=60), "cup", "p", STAMP)
    assert [each.status for each in (draft, scheduled, opened)] == ["draft", "scheduled", "open"]
    assert [each.opened_at for each in (draft, scheduled, opened)] == [None, None, AT]
    assert opened.closing_ms == AT + 60_000
    assert draft.options == (Option("1", "Ana"), Option("2", "Bo"))


def test_every_poll_has_its_own_salt() -> None:
    salts = {made(new(), "cup", "p", STAMP).voter_salt for _ in range(2)}
    assert len(salts) == 2
    assert all(salt is not None and len(salt) == 43 for salt in salts)


def test_opens_at_once_or_at_a_time() -> None:
    with pytest.raises(Refused) as refused:
        made(new(open=True, opens_at=AT + 5), "cup", "p", STAMP)
    assert (refused.value.problem.name, refused.value.field) == ("invalid-schedule", "opens_at")


def test_a_change_leaves_everything_else() -> None:
    before = poll(status="draft", opened_at=None, correct=("2",), closes_in_s=60)
    after = changed(before, change(question="Why?", options=["a", "b"], correct=["1"]), AT)
    assert (after.question, after.correct, after.closes_in_s) == ("Why?", ("1",), 60)
    assert [option.text for option in after.options] == ["a", "b"]
    assert changed(before, change(), AT) == before


def test_a_time_to_open_makes_a_schedule_and_null_a_draft() -> None:
    draft = poll(status="draft", opened_at=None)
    scheduled = changed(draft, change(opens_at=AT + 5), AT)
    assert (scheduled.status, scheduled.opens_at) == ("scheduled", AT + 5)
    assert changed(scheduled, change(opens_at=None), AT) == draft


@pytest.mark.parametrize(
    ("before", "fields", "problem"),
    [
        (poll(), {"opens_at": AT + 5}, ("invalid-schedule", "opens_at")),
        (poll(), {"closes_at": AT - 5}, ("invalid-schedule", "closes_at")),
        (poll(), {"max_choices": 4}, ("invalid-rules", "max_choices")),
        (poll(correct=("3",)), {"options": ["a", "b"]}, ("invalid-rules", "correct")),
        (poll(closes_at=AT - 1), {"question": "Why?"}, ("closed-poll", None)),
        (poll(status="closed", closed_at=AT), {}, ("closed-poll", None)),
        (poll(status="final", closed_at=AT, result=result()), {}, ("final-poll", None)),
        (poll(status="cancelled"), {}, ("cancelled-poll", None)),
    ],
)
def test_what_cannot_be_changed(before: Any, fields: dict[str, Any], problem: tuple[str, str | None]) -> None:
    with pytest.raises(Refused) as refused:
        changed(before, change(**fields), AT)
    assert (refused.value.problem.name, refused.value.field) == problem


def test_an_outdated_time_does_not_stand_in_the_way_of_a_better_question() -> None:
    before = poll(status="draft", opened_at=None, closes_at=AT - 1)
    assert changed(before, change(question="Why?"), AT).question == "Why?"


@pytest.mark.parametrize(
    ("now_ms", "broadcaster", "shown"),
    [(AT, True, {"correct", "eligibility"}), (AT, False, set()), (AT + 5_001, False, {"correct"})],
)
def test_who_may_see_the_right_answer_and_who_may_vote(now_ms: int, broadcaster: bool, shown: set[str]) -> None:
    quiz = poll(correct=("2",), eligibility={"tier": ("gold",)}, closes_at=AT + 5_000)
    answer = msgspec.to_builtins(answered(quiz, now_ms, broadcaster=broadcaster))
    assert answer.keys() & {"correct", "eligibility"} == shown
    assert (answer["closes_at"], answer["grace_ms"]) == (AT + 5_000, GRACE_MS)
    assert "voter_salt" not in answer
