import pytest

from contracts.limits import MAX_POLL_MS
from gateway.refusal import Refused
from gateway.votes.admission import check_choices, check_open
from tests.gateway.records import AT, poll


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


def refusal(now_ms: int = AT, **changes: object) -> str | None:
    try:
        check_open(poll(**changes), now_ms)  # type: ignore[arg-type]
    except Refused as refused:
        return refused.problem.name
    return None


def test_takes_votes_only_while_open() -> None:
    assert refusal(status="draft") == "poll-not-open"
    assert refusal(status="open") is None
    assert refusal(status="closed") == "closed-poll"
    assert refusal(status="cancelled") == "closed-poll"


def test_closes_by_itself_when_its_time_is_over() -> None:
    assert refusal(AT + 5, closes_at=AT + 5) is None
    assert refusal(AT + 6, closes_at=AT + 5) == "closed-poll"


def test_no_poll_outlives_the_state_of_the_jobs() -> None:
    assert refusal(AT + MAX_POLL_MS) is None
    assert refusal(AT + MAX_POLL_MS + 1) == "closed-poll"
