import json
from typing import Any

import pytest

from ovation.audience.latencies import Latencies
from ovation.audience.screen import Screen
from ovation.audience.tap_to_screen import TapToScreen
from ovation.client.errors import MalformedAnswerError


@pytest.fixture
def screen() -> Screen:
    return Screen(0, TapToScreen(1, Latencies()))


def reactions(**totals: int) -> dict[str, Any]:
    window = {"start": 1000, "counts": totals}
    return {"type": "reactions", "stream_id": "s", "as_of": 1, "totals": totals, "window": window}


def poll(voters: int, *votes: int) -> dict[str, Any]:
    return {
        "type": "poll",
        "stream_id": "s",
        "poll_id": "p",
        "status": "open",
        "options": [{"id": str(number), "votes": count} for number, count in enumerate(votes, start=1)],
        "voters": voters,
        "received": voters,
        "replaced": 0,
        "withdrawn": 0,
        "duplicate": 0,
        "late": 0,
        "invalid": 0,
        "ineligible": 0,
        "version": voters,
        "as_of": 1,
        "is_final": False,
    }


def snapshot(totals: dict[str, Any], polls: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "snapshot",
        "stream_id": "s",
        "as_of": 1,
        "title": "t",
        "emojis": ["a"],
        "status": "live",
        "reactions": totals,
        "polls": polls,
    }


def show(screen: Screen, *messages: dict[str, Any]) -> None:
    for message in messages:
        screen.take(message["type"], json.dumps(message))


def test_it_shows_the_newest_of_everything(screen: Screen) -> None:
    show(screen, snapshot(reactions(a=1), [poll(1, 1, 0)]), reactions(a=2, b=1), poll(2, 1, 1))
    assert screen.totals == {"a": 2, "b": 1}
    assert screen.polls["p"]["voters"] == 2
    assert screen.steps_back == 0


@pytest.mark.parametrize(
    "messages",
    [
        [reactions(a=2), reactions(a=1)],
        [reactions(a=2, b=1), reactions(a=2)],
        [reactions(a=2), snapshot(reactions(a=1), [])],
        [poll(2, 1, 1), poll(2, 1, 0)],
        [poll(2, 2, 0), {**poll(1, 2, 0), "received": 2}],
        [snapshot(reactions(), [poll(2, 2, 0)]), poll(2, 1, 0)],
    ],
)
def test_a_number_that_falls_is_a_step_back(screen: Screen, messages: list[dict[str, Any]]) -> None:
    show(screen, *messages)
    assert screen.steps_back == len(screen.stepped) == 1


def test_a_vote_that_one_option_loses_to_another_is_for_the_voters_account_to_explain(screen: Screen) -> None:
    show(screen, poll(2, 1, 1), poll(3, 3, 0))
    assert screen.stepped == []
    assert screen.races["p"].lost == {"2": 1}


def test_a_changed_vote_is_no_step_back_but_a_vote_that_was_never_received_is(screen: Screen) -> None:
    show(screen, {**poll(2, 2, 0), "allow_change": True}, {**poll(1, 1, 0), "received": 2, "allow_change": True})
    assert screen.stepped == []
    show(screen, {**poll(1, 1, 0), "received": 1, "allow_change": True})
    assert screen.stepped == ["poll p received from 2 to 1"]


def test_results_that_are_hidden_until_the_end_are_no_step_back(screen: Screen) -> None:
    hidden = {"results_hidden": True, "type": "poll", "stream_id": "s", "poll_id": "p", "status": "open"}
    hidden |= {"options": [{"id": "1"}, {"id": "2"}], "as_of": 1, "is_final": False}
    show(screen, hidden, poll(2, 1, 1))
    assert screen.polls["p"]["voters"] == 2
    assert screen.steps_back == 0


def test_a_kind_of_message_that_came_later_is_skipped(screen: Screen) -> None:
    show(screen, reactions(a=1), {"type": "moment", "totals": {"a": 0}})
    assert screen.totals == {"a": 1}


def test_a_message_that_breaks_the_contract_is_named(screen: Screen) -> None:
    with pytest.raises(MalformedAnswerError):
        show(screen, {"type": "reactions", "totals": {"a": "many"}})


def test_a_gateway_that_does_not_know_the_numbers_shows_none(screen: Screen) -> None:
    known, hidden = poll(3, 2, 1), poll(0, 0, 0)
    for name in ("voters", "received", "version"):
        del hidden[name]
    hidden["options"] = [{"id": option["id"]} for option in hidden["options"]]
    lost = dict(hidden)
    hidden["results_hidden"] = True
    unknown = {**snapshot(reactions(), [hidden]), "numbers_known": False}
    show(screen, snapshot(reactions(a=5), [known]), unknown, hidden, snapshot(reactions(a=6), [poll(4, 3, 1)]))
    assert screen.stepped == []
    assert screen.totals == {"a": 6}
    show(screen, snapshot(reactions(), []), lost)
    assert screen.stepped[:2] == ["a total from 6 to 0", "poll p received from 4 to 0"]
