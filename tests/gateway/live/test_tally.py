"""The numbers of a poll have the same names wherever they stand."""

import json

from contracts import events, messages
from contracts.redis_keys import PollField
from gateway.control.model import Result
from gateway.live import messages_in
from gateway.live.picture import Picture
from gateway.live.redis_state import _tally
from gateway.live.tally import NUMBERS, Tally, final_tally
from tests.gateway.records import AT, poll, result

COUNTED = {name: number for number, name in enumerate(NUMBERS, 1)}


def test_their_names_are_the_contracts() -> None:
    fields = {value for name, value in vars(PollField).items() if not name.startswith("_")}
    assert set(NUMBERS) == fields - {"status", "version", "buckets", "as_of", "is_final", "option:"}
    assert set(NUMBERS) == set(Result.__struct_fields__) - {"votes", "digest"}
    assert set(NUMBERS) == events.PollResult.__annotations__.keys() - {"votes", "digest"}
    assert messages.Poll.__annotations__.keys() >= set(NUMBERS)


def test_come_by_message() -> None:
    message = {"type": "poll", "poll_id": "best", "options": [{"id": "2", "votes": 9}], "version": 7, "as_of": AT}
    message["buckets"] = buckets = {"0": 3, "15": 4}
    picture = Picture()
    assert messages_in.merge(json.dumps({**message, **COUNTED}).encode(), picture) == "best"
    assert picture.tallies["best"] == Tally(votes={"2": 9}, version=7, as_of=AT, buckets=buckets, **COUNTED)


def test_come_from_the_hash() -> None:
    fields = {name.encode(): str(number).encode() for name, number in {**COUNTED, "option:2": 9, "version": 7}.items()}
    others = {b"status": b"open", b"is_final": b"0", b"buckets": b'{"3":7}'}
    assert _tally(fields | others) == Tally(votes={"2": 9}, version=7, buckets={"3": 7}, **COUNTED)


def test_come_from_the_result_of_a_final_poll() -> None:
    numbers = result(votes=(5, 6, 7), **COUNTED)
    assert final_tally(poll(status="closed", result=numbers)) is None
    final = final_tally(poll(status="final", result=numbers))
    assert final == Tally(votes={"1": 5, "2": 6, "3": 7}, version=COUNTED["received"], as_of=AT, buckets={}, **COUNTED)


def test_numbers_of_before_there_were_regions_give_way_to_more() -> None:
    before = Tally(votes={"1": 10}, version=10, buckets={"3": 10})
    assert Tally(votes={"1": 11}, version=11, buckets={"eu:3": 11}).follows(before)
    assert not Tally(votes={"1": 9}, version=9, buckets={"eu:3": 9}).follows(before)
