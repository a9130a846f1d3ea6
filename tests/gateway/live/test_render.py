import json
from typing import Any

import pytest
from msgspec.structs import replace

from contracts import messages
from gateway.control.model import Poll
from gateway.live import render
from gateway.live.picture import Picture
from gateway.live.tally import EMPTY, NUMBERS, Tally
from tests.gateway.records import AT, poll, result, stream

TALLY = Tally(
    votes={"1": 7001, "2": 7002, "3": 7003},
    voters=7004,
    received=7005,
    replaced=7006,
    withdrawn=7007,
    duplicate=7008,
    late=7009,
    invalid=7010,
    ineligible=7011,
    version=7005,
    as_of=AT + 7012,
)


def shown(definition: Poll, **viewer: bool) -> dict[str, Any]:
    return {**render.poll(definition, TALLY, AT, **viewer)}


@pytest.mark.parametrize("changes", [{"results": "after_vote"}, {"results": "after_close"}])
@pytest.mark.parametrize(
    "life", [{}, {"status": "paused"}, {"status": "scheduled", "opened_at": None, "opens_at": AT + 9}]
)
def test_hidden_means_absent(changes: dict[str, Any], life: dict[str, Any]) -> None:
    message = shown(poll(**changes, **life))
    assert message["results_hidden"] is True
    assert "70" not in json.dumps(message)
    assert message.keys().isdisjoint({*NUMBERS, "version"})
    assert [option.keys() for option in message["options"]] == [{"id", "text"}] * 3
    assert message["as_of"] == AT
    assert message == {**render.poll(poll(**changes, **life), None, AT)}


@pytest.mark.parametrize(
    ("results", "life", "viewer", "is_shown"),
    [
        ("always", {}, {}, True),
        ("after_vote", {}, {"voted": True}, True),
        ("after_close", {}, {"voted": True}, False),
        ("after_vote", {"status": "paused"}, {"voted": True}, True),
        ("after_vote", {}, {"broadcaster": True}, True),
        ("after_close", {}, {"broadcaster": True}, True),
        ("after_vote", {"status": "closed", "closed_at": AT}, {}, True),
        ("after_close", {"status": "closed", "closed_at": AT}, {}, True),
        ("after_close", {"closes_at": AT}, {}, False),
        ("after_close", {"closes_at": AT - 1}, {}, True),
        ("after_close", {"status": "final", "voter_salt": None}, {}, True),
        ("after_close", {"status": "cancelled", "voter_salt": None}, {}, False),
        ("after_vote", {"status": "cancelled", "voter_salt": None}, {}, False),
    ],
)
def test_who_sees_results_when(results: str, life: dict[str, Any], viewer: dict[str, bool], is_shown: bool) -> None:
    message = shown(poll(results=results, **life), **viewer)
    assert message["results_hidden"] is not is_shown
    assert ("voters" in message) is is_shown
    if is_shown:
        assert {name: message[name] for name in NUMBERS} == {name: getattr(TALLY, name) for name in NUMBERS}
        assert [option["votes"] for option in message["options"]] == [7001, 7002, 7003]
        assert (message["version"], message["as_of"]) == (7005, AT + 7012)


@pytest.mark.parametrize(
    ("life", "viewer", "is_shown"),
    [
        ({}, {}, False),
        ({}, {"voted": True}, False),
        ({"status": "paused"}, {}, False),
        ({"status": "cancelled"}, {}, False),
        ({}, {"broadcaster": True}, True),
        ({"status": "closed"}, {}, True),
        ({"status": "final"}, {}, True),
    ],
)
def test_right_answers_wait_for_the_end(life: dict[str, Any], viewer: dict[str, bool], is_shown: bool) -> None:
    assert ("correct" in shown(poll(correct=("2",), **life), **viewer)) is is_shown


def test_a_poll_that_is_no_quiz_has_no_right_answers() -> None:
    assert "correct" not in shown(poll(status="closed"))


def test_a_final_poll_shows_its_result_and_nothing_else() -> None:
    final = poll(at=AT + 5, status="final", result=result(received=4, late=1))
    for message in (shown(final), render.poll(final, None, AT)):
        assert message["is_final"] is True
        assert [option["votes"] for option in message["options"]] == [2, 1, 0]
        assert (message["voters"], message["received"], message["late"], message["version"]) == (3, 4, 1, 4)
        assert message["as_of"] == AT + 5


def test_before_the_first_vote_there_are_zeros() -> None:
    message = render.poll(poll(), EMPTY, AT)
    assert {message[name] for name in NUMBERS} == {0}  # type: ignore[literal-required]
    assert message["is_final"] is False


@pytest.mark.parametrize("who", [{}, {"voted": True}, {"broadcaster": True}])
def test_what_is_not_known_is_no_zero(who: dict[str, bool]) -> None:
    message = render.poll(poll(), None, AT, **who)
    assert not message.keys() & {*NUMBERS, "version"}
    assert message["results_hidden"]
    assert not any("votes" in option for option in message["options"])


def test_a_snapshot_says_whether_the_numbers_are_known() -> None:
    unknown = render.snapshot(stream(), [poll()], Picture(), AT)
    assert unknown["numbers_known"] is False
    assert "received" not in unknown["polls"][0]
    known = render.snapshot(stream(), [poll()], Picture(is_known=True), AT)
    assert "numbers_known" not in known
    assert known["polls"][0]["received"] == 0


def test_the_closing_time_is_what_was_set() -> None:
    assert shown(poll())["closes_at"] is None
    assert shown(poll(closes_in_s=60))["closes_at"] == AT + 60_000
    assert shown(poll(closes_in_s=60, closes_at=AT + 5))["closes_at"] == AT + 5
    assert shown(poll(status="closed", closed_at=AT + 3))["closes_at"] == AT + 3


def test_no_field_is_outside_of_the_contract() -> None:
    tally = replace(TALLY, buckets={"us:0": 1})
    everything = {**render.poll(poll(correct=("1",)), tally, AT, broadcaster=True)}
    assert everything.keys() == messages.Poll.__annotations__.keys() - {"buckets"}, "which are on Redis alone"


def test_a_snapshot_shows_neither_drafts_nor_what_was_cancelled_as_one() -> None:
    polls = [
        poll(poll_id="draft", status="draft", opened_at=None),
        poll(poll_id="dropped", status="cancelled", opened_at=None, voter_salt=None),
        poll(poll_id="stopped", status="cancelled", voter_salt=None),
        poll(poll_id="soon", status="scheduled", opened_at=None, opens_at=AT + 1),
        poll(),
    ]
    snapshot = render.snapshot(stream(), polls, Picture(), AT)
    assert [each["poll_id"] for each in snapshot["polls"]] == ["stopped", "soon", "best"]


def test_the_snapshots_time_says_nothing_of_hidden_votes() -> None:
    picture = Picture(tallies={"best": TALLY})
    hidden = render.snapshot(stream(), [poll(results="after_vote")], picture, AT)
    assert hidden["as_of"] == AT
    assert "70" not in json.dumps(hidden)
    assert render.snapshot(stream(), [poll()], picture, AT)["as_of"] == AT + 7012


def test_what_each_region_received_is_said_where_there_are_several() -> None:
    alone = replace(TALLY, buckets={"eu:0": 3, "eu:5": 4})
    assert "received_in" not in render.poll(poll(), alone, AT)
    both = replace(TALLY, buckets={"eu:0": 3, "us:0": 1, "us:5": 4})
    assert render.poll(poll(), both, AT)["received_in"] == {"eu": 3, "us": 5}
    assert render.poll(poll(), replace(TALLY, buckets={"us:0": 1}), AT)["received_in"] == {"us": 1}
