from typing import Any

import pytest

from gateway.final.numbers import Accounts, Numbers, judge
from tests.gateway.records import poll

POLL = poll(options=3)


def numbers(**changes: Any) -> Numbers:
    """Three voters and a late vote; `received` follows what is changed."""
    fields: dict[str, Any] = {
        "votes": {"1": 2, "3": 1},
        "voters": 3,
        **dict.fromkeys(("replaced", "withdrawn", "duplicate", "invalid", "ineligible"), 0),
        "late": 1,
        **changes,
    }
    fields.setdefault("received", sum(count for name, count in fields.items() if name != "votes"))
    return Numbers(**fields)


def test_a_result_has_every_option_in_the_order_of_the_poll() -> None:
    result = numbers(replaced=4).result(POLL, "sha256:x")
    assert result.votes == (2, 0, 1)
    assert (result.voters, result.replaced, result.late, result.received, result.digest) == (3, 4, 1, 8, "sha256:x")


def test_the_same_numbers_are_equal() -> None:
    assert judge(POLL, Accounts(numbers(), numbers()), None) == "equal"


@pytest.mark.parametrize(
    "changes",
    [
        {"votes": {"1": 2, "2": 1}},
        {"votes": {"1": 3, "3": 1}},
        {"voters": 4},
        {"replaced": 1},
        {"withdrawn": 1},
        {"duplicate": 1},
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_what_no_late_vote_changes_must_be_equal_at_once(changes: dict[str, Any], swapped: bool) -> None:
    now = Accounts(numbers(), numbers(**changes))
    assert judge(POLL, Accounts(*reversed(now)) if swapped else now, None) == "different"


def test_numbers_that_do_not_add_up_are_no_result() -> None:
    wrong = numbers(received=17)
    assert judge(POLL, Accounts(wrong, wrong), None) == "different"


def test_votes_for_an_option_that_the_poll_has_not_are_no_result() -> None:
    wrong = numbers(votes={"1": 2, "4": 1})
    assert judge(POLL, Accounts(wrong, wrong), None) == "different"


@pytest.mark.parametrize("name", ["late", "invalid", "ineligible"])
def test_late_votes_that_go_on_coming_delay_the_result_by_one_attempt(name: str) -> None:
    before = Accounts(numbers(**{name: 5}), numbers(**{name: 3}))
    now = Accounts(numbers(**{name: 9}), numbers(**{name: 7}))
    assert judge(POLL, before, None) == "moving"
    assert judge(POLL, now, before) == "equal"


@pytest.mark.parametrize("swapped", [False, True])
def test_a_late_vote_that_one_store_never_gets_is_a_difference(swapped: bool) -> None:
    standing = Accounts(numbers(late=5), numbers(late=4))
    if swapped:
        standing = Accounts(*reversed(standing))
    assert judge(POLL, standing, None) == "moving"
    assert judge(POLL, standing, standing) == "different"
