import random
from collections.abc import Sequence

import pytest

from contracts.limits import MAX_STREAM_MS
from gateway.control.model import Record
from gateway.control.table import ControlTable
from gateway.refusal import Refused
from tests.gateway.records import AT, api_key, poll, stream


def table(*records: Record, now_ms: int = AT) -> ControlTable:
    made = ControlTable(lambda: now_ms)
    made.ready = True
    for record in records:
        made.apply(record)
    return made


def test_a_record_seen_twice_changes_nothing() -> None:
    heard: list[Record] = []
    made = table()
    made.listen(heard.append)
    assert [made.apply(stream()), made.apply(stream())] == ["applied", "known"]
    assert heard == [stream()]


def test_of_one_revision_the_first_in_the_log_stands() -> None:
    heard: list[Record] = []
    made = table(poll(revision=2, edge="gw-1", question="First?"))
    made.listen(heard.append)
    assert made.apply(poll(revision=2, edge="gw-2", question="Second?")) == "rejected"
    assert made.poll("cup", "best").question == "First?"
    assert heard == []


def test_the_larger_revision_stands_and_no_smaller_one_after_it() -> None:
    made = table(poll(revision=1), poll(revision=5, status="closed"))
    assert made.apply(poll(revision=4, status="open", at=AT + 1)) == "rejected"
    assert made.poll("cup", "best").status == "closed"


def test_every_kind_of_record_is_heard_and_found() -> None:
    heard: list[Record] = []
    made = table()
    made.listen(heard.append)
    records: list[Record] = [stream(), poll(), api_key(key_id="b", created_at=AT + 1), api_key(key_id="a")]
    for record in records:
        made.apply(record)
    assert heard == records
    assert [key.key_id for key in made.api_keys()] == ["a", "b"]
    assert made.api_key("a") == records[-1]
    assert made.api_key("c") is None
    assert made.newest(poll(revision=9)) == poll()


def test_a_cleared_table_knows_nothing_and_says_that_it_is_too_early() -> None:
    made = table(stream(), poll(), api_key())
    cleared: list[bool] = []
    made.listen(lambda _: None, lambda: cleared.append(True))
    made.clear()
    assert cleared == [True]
    assert not made.has_stream("cup")
    assert not made.has_poll("cup", "best")
    assert made.api_keys() == []
    assert list(made.all_polls()) == []
    for ask in (lambda: made.stream("cup"), lambda: made.newest(poll())):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.problem.name == "starting"
    assert made.apply(poll(question="Another?")) == "applied"


def test_unknown_is_told_from_not_yet_known() -> None:
    made = table()
    for ready, problems in ((True, ("unknown-stream", "unknown-poll")), (False, ("starting", "starting"))):
        made.ready = ready
        with pytest.raises(Refused) as no_stream:
            made.stream("cup")
        with pytest.raises(Refused) as no_poll:
            made.poll("cup", "best")
        assert (no_stream.value.problem.name, no_poll.value.problem.name) == problems


@pytest.mark.parametrize("made", [table(stream(status="ended")), table(stream(), now_ms=AT + MAX_STREAM_MS)])
def test_an_ended_stream_takes_nothing(made: ControlTable) -> None:
    with pytest.raises(Refused) as refused:
        made.live_stream("cup")
    assert refused.value.problem.name == "ended-stream"


def test_polls_are_in_the_order_of_their_creation() -> None:
    made = table(stream(), poll(poll_id="b", created_at=AT + 1), poll(poll_id="c"), poll(poll_id="a"))
    assert [each.poll_id for each in made.polls("cup")] == ["a", "c", "b"]


def between_regions(first: Sequence[Record], second: Sequence[Record], seed: int) -> ControlTable:
    """Return a table that has read two logs, each in its order, the one and the other by turns."""
    made = ControlTable(lambda: AT, ("us",))
    made.ready = True
    left, turns = [[*first], [*second]], random.Random(seed)
    while any(left):
        made.apply(turns.choice([log for log in left if log]).pop(0))
    return made


@pytest.mark.parametrize("seed", range(20))
def test_two_regions_that_made_one_id_come_to_the_same_stream(seed: int) -> None:
    eu = [stream(region="eu", edge="a", at=AT + 5, title="eu's first"), stream(region="eu", edge="b", at=AT + 1)]
    us = [stream(region="us", edge="c", at=AT + 3, title="us's first"), stream(region="us", edge="d", at=AT + 2)]
    assert between_regions(eu, us, seed).stream("cup").title == "us's first"


@pytest.mark.parametrize("seed", range(20))
def test_a_later_revision_stands_whichever_log_is_read_first(seed: int) -> None:
    eu = [stream(region="eu", revision=1), stream(region="eu", revision=2, title="of eu", at=AT + 9)]
    us = [stream(region="us", revision=2, title="of us", at=AT + 9), stream(region="us", revision=3, title="last")]
    assert between_regions(eu, us[:1], seed).stream("cup").title == "of eu"
    assert between_regions(eu, us, seed).stream("cup").title == "last"


def test_a_stream_and_its_polls_are_changed_where_the_stream_was_changed_last() -> None:
    made = ControlTable(lambda: AT, ("us",))
    theirs, ours = poll(stream_id="cup", region="eu"), poll(stream_id="cup", region="us")
    made.apply(stream(region="us"))
    assert made.home(theirs) == made.home(ours) == made.home(stream(region="eu")) == "us"
    made.apply(stream(region="eu", revision=2))
    assert made.home(theirs) is None
    assert made.home(ours) is None
    assert made.home(api_key(region="us")) == "us"


def test_a_region_that_is_no_other_one_is_this_one_under_an_earlier_name() -> None:
    assert table(stream(region="local")).home(poll()) is None
