import json
from itertools import permutations
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.messages import Poll
from ovation.client.errors import MalformedAnswerError
from ovation.client.merge_poll import merge_poll
from ovation.client.picture import Picture
from tests.ovation.client.gateway_stand_in import snapshot


def reactions(**totals: int) -> dict[str, Any]:
    window = {"start": 1_000, "counts": {}}
    return {"type": "reactions", "stream_id": "s", "as_of": 1, "totals": totals, "window": window}


def poll(status: str = "open", version: int | None = None, *votes: int, **members: Any) -> Poll:
    options: list[dict[str, Any]] = [{"id": "1"}, {"id": "2"}]
    numbers: dict[str, Any] = {}
    if version is not None:
        numbers = {"version": version, "voters": sum(votes), "received": version}
        options = [{**option, "votes": count} for option, count in zip(options, votes, strict=True)]
    known = {"type": "poll", "stream_id": "s", "poll_id": "p", "status": status, "as_of": 1, "is_final": False}
    return cast(Poll, {**known, "options": options, **numbers, **members})


def shown(picture: Picture, *messages: Any) -> list[dict[str, int] | None]:
    return [picture.take(message["type"], json.dumps(message)) for message in messages]


def test_the_first_snapshot_is_no_rise_and_a_later_one_is() -> None:
    picture = Picture()
    first, second = snapshot(reactions=reactions(a=2)), snapshot(reactions=reactions(a=5), watching=9)
    assert shown(picture, first, second) == [{}, {"a": 3}]
    assert (picture.known, picture.title, picture.emojis, picture.watching) == (True, "Title", ["🔥"], 9)


def test_the_first_numbers_are_no_rise_when_the_first_snapshot_had_none() -> None:
    picture = Picture()
    unknown = snapshot(reactions=reactions(), polls=[poll()], numbers_known=False)
    known = snapshot(reactions=reactions(a=50), polls=[poll("open", 3, 2, 1)])
    assert shown(picture, unknown, reactions(a=40), known, reactions(a=51)) == [{}, {}, {}, {"a": 1}]
    # Another gateway that has just started takes nothing away.
    assert shown(picture, unknown, reactions(a=53)) == [{}, {"a": 2}]
    assert picture.totals == {"a": 53}
    assert picture.polls["p"]["version"] == 3


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 50)), max_size=12))
def test_totals_only_rise_and_rises_add_up_to_them(messages: list[dict[str, int]]) -> None:
    picture, sums = Picture(counted=True), dict.fromkeys("abc", 0)
    for totals in messages:
        before = dict(picture.totals)
        (rises,) = shown(picture, reactions(**totals))
        assert all(picture.totals[emoji] >= total for emoji, total in before.items())
        for emoji, rise in (rises or {}).items():
            sums[emoji] += rise
    assert {emoji: total for emoji, total in sums.items() if total} == picture.totals


def test_an_ended_stream_stays_so_and_other_messages_change_nothing() -> None:
    picture = Picture()
    assert shown(picture, snapshot(status="ended"), snapshot(), {"type": "moment"}) == [{}, {}, None]
    assert picture.status == "ended"
    shown(picture, {"type": "presence", "stream_id": "s", "as_of": 1, "watching": 3})
    assert picture.watching == 3
    with pytest.raises(MalformedAnswerError):
        shown(picture, {"type": "presence"})


def test_a_poll_moves_to_newer_numbers_in_whatever_order_it_is_heard_of() -> None:
    told = [poll("open", 1, 1, 0), poll("open", 3, 1, 2), poll("closed", 2, 1, 1), poll("draft")]
    for messages in permutations(told):
        picture = Picture()
        shown(picture, *messages)
        found = picture.polls["p"]
        assert (found["status"], found["version"], found["voters"]) == ("closed", 3, 3)
        assert [option["votes"] for option in found["options"]] == [1, 2]


def test_a_final_result_stands_whatever_version_a_late_message_has() -> None:
    final = poll("final", 5, 1, 0, is_final=True)
    for merged in (merge_poll(final, poll("open", 9, 2, 3)), merge_poll(poll("open", 9, 2, 3), final)):
        assert (merged["version"], merged["is_final"], merged["options"][1]["votes"]) == (5, True, 0)


def test_numbers_that_were_seen_do_not_go_where_others_see_none() -> None:
    hidden = poll("open", results_hidden=True, options=[{"id": "1", "text": "Ana"}, {"id": "2"}])
    merged = merge_poll(poll("open", 2, 1, 1), hidden)
    assert merged["options"] == [{"id": "1", "text": "Ana", "votes": 1}, {"id": "2", "votes": 1}]
    assert merge_poll(hidden, poll("open", 2, 1, 1))["options"] == merged["options"]


def test_an_open_poll_may_pause_and_open_again_and_a_new_status_is_heard() -> None:
    assert merge_poll(poll("paused"), poll("open"))["status"] == "open"
    assert merge_poll(poll("closed"), poll("archived"))["status"] == "archived"


def test_a_screen_that_went_to_another_region_shows_no_number_fall_and_moves_on() -> None:
    seen = poll("open", 9, 5, 4, received_in={"eu": 3, "us": 6})
    there = merge_poll(seen, poll("open", 8, 4, 4, received_in={"eu": 4, "us": 4}))
    assert [option["votes"] for option in there["options"]] == [5, 4]
    assert (there["version"], there["received_in"]) == (9, {"eu": 4, "us": 6})
    on = merge_poll(there, poll("open", 12, 4, 8, received_in={"eu": 8, "us": 4}))
    assert [option["votes"] for option in on["options"]] == [5, 8]
    whole = merge_poll(on, poll("open", 14, 5, 9, received_in={"eu": 8, "us": 6}))
    assert [option["votes"] for option in whole["options"]] == [5, 9]
    late = merge_poll(whole, poll("open", 5, 3, 2, received_in={"eu": 3, "us": 2}))
    assert late == whole


def test_where_votes_may_be_changed_the_numbers_are_the_newest() -> None:
    seen = poll("open", 9, 5, 4, received_in={"eu": 3, "us": 6}, allow_change=True)
    there = merge_poll(seen, poll("open", 8, 4, 4, received_in={"eu": 4, "us": 4}, allow_change=True))
    assert [option["votes"] for option in there["options"]] == [4, 4]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=10))
def test_no_option_ever_falls_whatever_of_two_regions_comes(taken: list[tuple[int, int]]) -> None:
    """Voters of eu choose the first option, those of us the second: as many votes are the same numbers everywhere."""
    known = poll("open", 0, 0, 0, received_in={"eu": 0, "us": 0})
    for eu, us in taken:
        before = [option["votes"] for option in known["options"]]
        known = merge_poll(known, poll("open", eu + us, eu, us, received_in={"eu": eu, "us": us}))
        assert all(option["votes"] >= votes for option, votes in zip(known["options"], before, strict=True))
    assert [option["votes"] for option in known["options"]] == [max(column) for column in zip(*taken, strict=True)]
