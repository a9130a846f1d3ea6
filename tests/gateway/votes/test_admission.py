from typing import Any

import pytest

from contracts.limits import GRACE_MS, MAX_STREAM_MS
from gateway.refusal import Refused
from gateway.votes.admission import check_choices, check_status, check_stream, check_withdrawal, is_eligible
from tests.gateway.records import AT, poll, stream


def test_packs_the_choices() -> None:
    assert check_choices(poll(), ["3", "1"]) == 0b101


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        ([], "no-choices"),
        (["4"], "unknown-option"),
        (["0"], "unknown-option"),
        (["01"], "unknown-option"),
        (["one"], "unknown-option"),
        (["1", "1"], "duplicate-choices"),
        (["1", "2", "3"], "too-many-choices"),
    ],
)
def test_refuses_choices(choices: list[str], problem: str) -> None:
    with pytest.raises(Refused) as refused:
        check_choices(poll(), choices)
    assert (refused.value.problem.name, refused.value.field) == (problem, "choices")


def refusal(now_ms: int = AT, **changes: Any) -> str | None:
    try:
        check_status(poll(**changes), now_ms)
    except Refused as refused:
        return refused.problem.name
    return None


@pytest.mark.parametrize(
    ("ended_at", "closed_at", "now_ms", "is_taken"),
    [
        (None, None, AT, True),
        (AT, None, AT + GRACE_MS, True),
        (AT, None, AT + GRACE_MS + 1, False),
        (AT, AT, AT + GRACE_MS + 1, True),
        # It was never ended, and is too old.
        (None, None, AT + MAX_STREAM_MS, False),
    ],
)
def test_the_end_of_a_stream(ended_at: int | None, closed_at: int | None, now_ms: int, is_taken: bool) -> None:
    ended = stream(status="ended" if ended_at else "live", ended_at=ended_at, created_at=AT)
    asked = poll(status="closed" if closed_at else "open", closed_at=closed_at, opened_at=AT)
    if is_taken:
        check_stream(ended, asked, now_ms)
    else:
        with pytest.raises(Refused) as refused:
            check_stream(ended, asked, now_ms)
        assert refused.value.problem.name == "ended-stream"


def test_each_status_that_takes_no_votes_says_so() -> None:
    assert refusal(status="draft", opened_at=None) == "poll-not-open"
    assert refusal(status="scheduled", opened_at=None, opens_at=AT + 1) == "poll-not-open"
    assert refusal(status="paused") == "paused-poll"
    assert refusal(status="cancelled") == "cancelled-poll"
    assert refusal(status="final") == "final-poll"


def test_an_open_poll_takes_votes_and_a_closed_one_late_ones() -> None:
    assert refusal(status="open") is None
    assert refusal(status="closed", closed_at=AT - 1_000_000) is None


def test_the_clock_opens_and_closes() -> None:
    assert refusal(AT + 1, status="scheduled", opened_at=None, opens_at=AT + 1) is None
    assert refusal(AT + 5, status="paused", closes_at=AT + 5) == "paused-poll"
    assert refusal(AT + 6, status="paused", closes_at=AT + 5) is None


def test_a_withdrawal_needs_a_poll_that_allows_it() -> None:
    assert check_withdrawal(poll(allow_withdraw=True)) == 0
    with pytest.raises(Refused) as refused:
        check_withdrawal(poll(allow_change=True))
    assert refused.value.problem.name == "not-withdrawable"


@pytest.mark.parametrize(
    ("claims", "eligible"),
    [
        ({"team": "red", "member": True}, True),
        ({"team": "blue", "member": True, "other": 1}, True),
        ({"team": "red"}, False),
        ({"member": True}, False),
        ({"team": "green", "member": True}, False),
        ({"team": "red", "member": False}, False),
        ({"team": "red", "member": 1}, False),
        ({"team": "red", "member": "true"}, False),
        ({"team": ["green", "red"], "member": True}, True),
        ({"team": ["green"], "member": True}, False),
        ({"team": [], "member": True}, False),
        ({"team": None, "member": True}, False),
        ({}, False),
    ],
)
def test_every_claim_must_have_one_of_its_values(claims: dict[str, Any], eligible: bool) -> None:
    assert is_eligible(poll(eligibility={"team": ("red", "blue"), "member": (True,)}), claims) is eligible


@pytest.mark.parametrize("value", [1, "1", True])
def test_values_are_the_same_only_if_their_types_are(value: Any) -> None:
    fits = [
        claim for claim in (1, "1", True, 1.0) if is_eligible(poll(eligibility={"level": (value,)}), {"level": claim})
    ]
    assert [(type(claim), claim) for claim in fits] == [(type(value), value)]


def test_no_rule_lets_everybody_vote() -> None:
    assert is_eligible(poll(eligibility={}), {})
