import asyncio

import msgspec
import pytest

from ovation.client import frames
from ovation.client.errors import NotSentError, QueueFullError, UnansweredError
from ovation.client.outbox import IN_FLIGHT, Outbox, Sending


def tapped() -> Sending:
    return Sending(frames.React(counts={"🔥": 1}), asyncio.get_running_loop().create_future())


def voted() -> Sending:
    return Sending(frames.Vote(poll_id="p", choices=["1"]), asyncio.get_running_loop().create_future())


def filled(*sendings: Sending, edge: str | None = "edge") -> Outbox:
    outbox = Outbox(100)
    outbox.connected(edge)
    for sending in sendings:
        outbox.add(sending)
    return outbox


def sent(outbox: Outbox) -> list[tuple[int, tuple[str, ...]]]:
    """Send what can be sent; return ids and where they were sent before."""
    found = []
    while (text := outbox.next()) is not None:
        frame = msgspec.json.decode(text)
        found.append((frame["id"], tuple(frame.get("sent_to", ()))))
    return found


async def test_so_many_wait_for_an_answer_and_no_more() -> None:
    outbox = filled(*(tapped() for _ in range(IN_FLIGHT + 2)))
    assert sent(outbox) == [(number, ()) for number in range(1, IN_FLIGHT + 1)]
    assert outbox.answered(5) is not None
    assert outbox.answered(5) is None
    assert sent(outbox) == [(IN_FLIGHT + 1, ())]


async def test_everything_is_sent_again_in_its_order() -> None:
    outbox = filled(tapped(), voted(), tapped())
    sent(outbox)
    outbox.answered(2)
    outbox.add(voted())
    outbox.connected("other")
    assert sent(outbox) == [(1, ("edge",)), (3, ("edge",)), (4, ())]
    outbox.connected("edge")
    assert sent(outbox) == [(1, ("edge", "other")), (3, ("edge", "other")), (4, ("other",))]


async def test_what_is_kept_goes_out_in_its_old_place_and_what_is_put_off_in_a_new_one() -> None:
    kept, put_off = tapped(), tapped()
    outbox = filled(kept, put_off, tapped())
    sent(outbox)
    for number in (1, 2):
        outbox.answered(number)
    outbox.again(put_off, maybe_taken=False)
    outbox.keep(kept)
    outbox.connected("other")
    assert sent(outbox) == [(1, ("edge",)), (3, ("edge",)), (4, ())]
    assert (kept.may_have_arrived, put_off.doubts_s) == (True, ())


@pytest.mark.parametrize(("before", "after"), [(None, "edge"), ("edge", None)])
async def test_taps_are_sent_again_only_where_they_can_be_asked_for(before: str | None, after: str | None) -> None:
    taps, vote, unsent = tapped(), voted(), tapped()
    outbox = filled(taps, vote, edge=before)
    sent(outbox)
    outbox.add(unsent)
    outbox.connected(after)
    assert [number for number, _ in sent(outbox)] == [2, 3]
    assert isinstance(taps.answer.exception(), UnansweredError)


async def test_a_gateway_that_says_its_name_late_can_be_asked() -> None:
    outbox = filled(tapped(), edge=None)
    sent(outbox)
    outbox.named("late")
    outbox.connected("other")
    assert sent(outbox) == [(1, ("late",))]


async def test_old_taps_go_and_votes_stay() -> None:
    sent_taps, vote = tapped(), voted()
    outbox = filled(sent_taps, vote)
    sent(outbox)
    unsent = tapped()
    outbox.add(unsent)
    outbox.expire_taps(unsent.since_s + 1)
    assert isinstance(sent_taps.answer.exception(), UnansweredError)
    assert isinstance(unsent.answer.exception(), NotSentError)
    assert (list(outbox), sent(outbox)) == ([vote], [])


async def test_only_what_was_sent_long_ago_is_overdue() -> None:
    sending = tapped()
    outbox = filled(sending)
    assert not outbox.overdue(sending.since_s + 1)
    sent(outbox)
    assert outbox.overdue(sending.tries_s[-1] + 1)
    assert not outbox.overdue(sending.tries_s[-1])


async def test_there_is_an_end_to_its_room() -> None:
    outbox = Outbox(1)
    outbox.add(voted())
    with pytest.raises(QueueFullError):
        outbox.add(voted())
