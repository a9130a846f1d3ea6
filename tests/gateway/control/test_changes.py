import pytest

from gateway.control.changes import close_poll, end_stream, open_poll
from gateway.refusal import Refused
from tests.gateway.records import AT, poll, stream


def test_the_time_of_a_poll_counts_from_its_opening() -> None:
    draft = poll(status="draft", opened_at=None, closes_at=AT + 60_000)
    opened = open_poll(draft, AT + 5_000)
    assert (opened.status, opened.opened_at, opened.closes_at) == ("open", AT + 5_000, AT + 65_000)


def test_a_step_taken_twice_changes_nothing() -> None:
    opened, closed, ended = poll(), poll(status="closed"), stream(status="ended")
    assert open_poll(opened, AT + 1) is opened
    assert close_poll(closed, AT + 1) is closed
    assert end_stream(ended, AT + 1) is ended


def test_no_step_goes_back() -> None:
    with pytest.raises(Refused) as closed:
        open_poll(poll(status="closed"), AT)
    with pytest.raises(Refused) as timed_out:
        open_poll(poll(closes_at=AT), AT + 1)
    with pytest.raises(Refused) as draft:
        close_poll(poll(status="draft"), AT)
    assert [each.value.problem.name for each in (closed, timed_out, draft)] == [
        "closed-poll",
        "closed-poll",
        "poll-not-open",
    ]


def test_closing_says_when() -> None:
    closed = close_poll(poll(), AT + 9)
    assert (closed.status, closed.closed_at, closed.at) == ("closed", AT + 9, AT + 9)
