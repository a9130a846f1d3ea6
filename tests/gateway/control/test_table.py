import pytest

from contracts.limits import MAX_STREAM_MS
from gateway.control.model import Record
from gateway.control.table import ControlTable
from gateway.refusal import Refused
from tests.gateway.records import AT, poll, stream


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
    assert made.apply(stream())
    assert not made.apply(stream())
    assert heard == [stream()]


def test_no_life_goes_backwards() -> None:
    made = table(stream(status="ended"), poll(status="closed"))
    assert not made.apply(stream(status="live", at=AT + 1))
    assert not made.apply(poll(status="open", at=AT + 1))
    assert made.stream("cup").status == "ended"
    assert made.poll("cup", "best").status == "closed"


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
