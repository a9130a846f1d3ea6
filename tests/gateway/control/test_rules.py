from typing import Any

import pytest

from contracts.limits import MAX_POLL_MS, MAX_STREAM_MS
from gateway.control.rules import check_rules, check_times
from gateway.refusal import Refused
from tests.gateway.records import AT, poll

DRAFT: dict[str, Any] = {"status": "draft", "opened_at": None}
SCHEDULED: dict[str, Any] = {"status": "scheduled", "opened_at": None, "opens_at": AT + 1_000}


@pytest.mark.parametrize(
    "rules",
    [
        {"max_choices": 3},
        {"allow_change": True, "allow_withdraw": True},
        {"correct": ("1", "3")},
        {"correct": ("1", "2"), "max_choices": 1},
    ],
)
def test_rules_that_fit(rules: dict[str, Any]) -> None:
    check_rules(poll(options=3, **rules))


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"max_choices": 4}, "max_choices"),
        ({"allow_withdraw": True}, "allow_withdraw"),
        ({"correct": ("4",)}, "correct"),
        ({"correct": ("1", "1")}, "correct"),
    ],
)
def test_rules_that_contradict_each_other(rules: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_rules(poll(options=3, **rules))
    assert (refused.value.problem.name, refused.value.field) == ("invalid-rules", field)


@pytest.mark.parametrize(
    "times",
    [
        DRAFT,
        {**DRAFT, "closes_at": AT + 1},
        {**DRAFT, "closes_in_s": 1},
        {"closes_at": AT + MAX_POLL_MS},
        {"opened_at": AT - 5_000, "closes_in_s": 6},
        SCHEDULED,
        {**SCHEDULED, "opens_at": AT + MAX_STREAM_MS},
        {**SCHEDULED, "closes_at": AT + 1_001, "closes_in_s": 1},
    ],
)
def test_times_that_fit(times: dict[str, Any]) -> None:
    check_times(poll(**times), AT)


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({**DRAFT, "closes_at": AT}, "closes_at"),
        ({**DRAFT, "closes_at": AT + MAX_STREAM_MS + MAX_POLL_MS + 1}, "closes_at"),
        ({"closes_at": AT}, "closes_at"),
        ({"closes_at": AT + MAX_POLL_MS + 1}, "closes_at"),
        ({"opened_at": AT - 5_000, "closes_in_s": 5}, "closes_in_s"),
        ({**SCHEDULED, "opens_at": AT}, "opens_at"),
        ({**SCHEDULED, "opens_at": AT + MAX_STREAM_MS + 1}, "opens_at"),
        ({**SCHEDULED, "closes_at": AT + 1_000}, "closes_at"),
        ({**SCHEDULED, "closes_at": AT + 1_000 + MAX_POLL_MS + 1}, "closes_at"),
    ],
)
def test_times_that_cannot_be(times: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_times(poll(**times), AT)
    assert (refused.value.problem.name, refused.value.field) == ("invalid-schedule", field)
