"""The steps against the table of what is allowed, and against any sequence of steps and waits."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from gateway.control import changes
from gateway.control.model import Poll, PollStatus
from gateway.refusal import Refused
from tests.gateway.records import AT, poll, result, stream

Step = Callable[[Poll, int], Poll]


def finish(of: Poll, now_ms: int) -> Poll:
    return changes.finish_poll(of, result(), now_ms)


# From each status by each step: the status after it, or the problem.
ALLOWED: dict[Step, dict[PollStatus, str]] = {
    changes.open_poll: {
        "draft": "open",
        "scheduled": "open",
        "open": "open",
        "paused": "open",
        "closed": "closed-poll",
        "final": "final-poll",
        "cancelled": "cancelled-poll",
    },
    changes.pause_poll: {
        "draft": "poll-not-open",
        "scheduled": "poll-not-open",
        "open": "paused",
        "paused": "paused",
        "closed": "closed-poll",
        "final": "final-poll",
        "cancelled": "cancelled-poll",
    },
    changes.close_poll: {
        "draft": "poll-not-open",
        "scheduled": "poll-not-open",
        "open": "closed",
        "paused": "closed",
        "closed": "closed",
        "final": "final",
        "cancelled": "cancelled-poll",
    },
    changes.cancel_poll: {
        "draft": "cancelled",
        "scheduled": "cancelled",
        "open": "cancelled",
        "paused": "cancelled",
        "closed": "cancelled",
        "final": "final-poll",
        "cancelled": "cancelled",
    },
    changes.end_poll: {
        "draft": "cancelled",
        "scheduled": "cancelled",
        "open": "closed",
        "paused": "closed",
        "closed": "closed",
        "final": "final",
        "cancelled": "cancelled",
    },
    finish: {
        "draft": "poll-not-open",
        "scheduled": "poll-not-open",
        "open": "conflict",
        "paused": "conflict",
        "closed": "final",
        "final": "final",
        "cancelled": "cancelled-poll",
    },
}
STATUSES: tuple[PollStatus, ...] = ("draft", "scheduled", "open", "paused", "closed", "final", "cancelled")


def poll_in(status: PollStatus) -> Poll:
    """Return a poll of this status with the times that belong to it."""
    opened = status in ("open", "paused", "closed", "final")
    return poll(
        status=status,
        opens_at=AT + 60_000 if status == "scheduled" else None,
        opened_at=AT if opened else None,
        closed_at=AT + 5 if status in ("closed", "final") else None,
        final_at=AT + 9_000 if status == "final" else None,
        result=result() if status == "final" else None,
        voter_salt=None if status in ("final", "cancelled") else poll().voter_salt,
    )


@pytest.mark.parametrize("step", ALLOWED, ids=lambda step: step.__name__)
@pytest.mark.parametrize("status", STATUSES)
def test_each_step_from_each_status(step: Step, status: PollStatus) -> None:
    before, expected = poll_in(status), ALLOWED[step][status]
    try:
        after = step(before, AT + 10)
    except Refused as refused:
        assert refused.problem.name == expected
    else:
        assert after.status == expected
        assert (after is before) == (expected == status)


def test_opening_by_hand_starts_the_time() -> None:
    scheduled = replace(poll_in("scheduled"), closes_in_s=60)
    opened = changes.open_poll(scheduled, AT + 5_000)
    assert (opened.opened_at, opened.closing_ms) == (AT + 5_000, AT + 65_000)


def test_a_pause_does_not_move_the_closing_time() -> None:
    paused = changes.pause_poll(poll(closes_in_s=60), AT + 30_000)
    again = changes.open_poll(paused, AT + 50_000)
    assert (again.opened_at, again.closing_ms) == (AT, AT + 60_000)
    assert paused.status_at(AT + 60_001) == "closed"


def test_what_time_has_made_is_written_with_its_own_time() -> None:
    scheduled = replace(poll_in("scheduled"), closes_in_s=60)
    opened = changes.keep_time(scheduled, AT + 60_007)
    assert (opened.status, opened.opened_at, opened.closed_at) == ("open", AT + 60_000, None)
    for before in (scheduled, opened):
        closed = changes.keep_time(before, AT + 200_000)
        assert (closed.status, closed.opened_at, closed.closed_at) == ("closed", AT + 60_000, AT + 120_000)
    assert changes.keep_time(opened, AT + 120_000) is opened


def test_a_step_sees_what_time_has_made() -> None:
    over = poll(closes_at=AT + 10)
    with pytest.raises(Refused) as refused:
        changes.pause_poll(over, AT + 11)
    assert refused.value.problem.name == "closed-poll"
    assert changes.close_poll(over, AT + 99).closed_at == AT + 10


def test_a_draft_whose_closing_time_is_over_cannot_open() -> None:
    with pytest.raises(Refused) as refused:
        changes.open_poll(replace(poll_in("draft"), closes_at=AT + 10), AT + 11)
    assert (refused.value.problem.name, refused.value.field) == ("invalid-schedule", "closes_at")


def test_a_stream_ends_once() -> None:
    ended = changes.end_stream(stream(), AT + 1)
    assert (ended.status, ended.ended_at) == ("ended", AT + 1)
    assert changes.end_stream(ended, AT + 2) is ended


@st.composite
def schedules(draw: st.DrawFn) -> Poll:
    times = st.none() | st.integers(AT + 1, AT + 100_000)
    opens_at = draw(times)
    return poll(
        status="draft" if opens_at is None else "scheduled",
        opens_at=opens_at,
        opened_at=None,
        closes_at=draw(times),
        closes_in_s=draw(st.none() | st.integers(1, 100)),
    )


@given(schedules(), st.integers(AT, AT + 300_000))
def test_the_clock_and_what_is_written_of_it_agree(scheduled: Poll, now_ms: int) -> None:
    kept = changes.keep_time(scheduled, now_ms)
    assert kept.status == scheduled.status_at(now_ms) == kept.status_at(now_ms)
    assert kept.closing_ms == scheduled.closing_ms
    assert changes.keep_time(kept, now_ms) is kept


class PollLife(RuleBasedStateMachine):
    """Any steps in any order, with waits between them."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = AT
        self.poll = poll_in("draft")
        self.seen: list[PollStatus] = ["draft"]

    @precondition(lambda self: self.poll.status == "draft")
    @rule(made=schedules())
    def schedule(self, made: Poll) -> None:
        self.poll = made
        self.seen = [made.status]

    @rule(milliseconds=st.integers(0, 50_000))
    def wait(self, milliseconds: int) -> None:
        self.now_ms += milliseconds

    @rule(step=st.sampled_from([*ALLOWED, changes.keep_time]))
    def step(self, step: Step) -> None:
        before = self.poll.status_at(self.now_ms)
        try:
            self.poll = step(self.poll, self.now_ms)
        except Refused as refused:
            if step is not changes.open_poll or refused.problem.name != "invalid-schedule":
                assert refused.problem.name == ALLOWED[step][before]
            return
        assert self.poll.status == (before if step is changes.keep_time else ALLOWED[step][before])
        if self.poll.status != self.seen[-1]:
            self.seen.append(self.poll.status)

    @invariant()
    def nothing_comes_back_from_the_end(self) -> None:
        for earlier, later in self._pairs():
            assert earlier not in ("final", "cancelled")
            assert earlier != "closed" or later in ("final", "cancelled")
            assert later not in ("draft", "scheduled")

    @invariant()
    def times_belong_to_the_status(self) -> None:
        status = self.poll.status
        assert (self.poll.voter_salt is None) == (status in ("final", "cancelled"))
        assert (self.poll.result is not None) == (self.poll.final_at is not None) == (status == "final")
        if status in ("open", "paused", "closed", "final"):
            assert self.poll.opened_at is not None
        assert (self.poll.closed_at is not None) or status not in ("closed", "final")

    def _pairs(self) -> Iterator[tuple[PollStatus, PollStatus]]:
        yield from zip(self.seen, self.seen[1:], strict=False)


TestPollLife = PollLife.TestCase
