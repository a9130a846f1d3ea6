"""Frames and their answers, on a socket without a session."""

import asyncio

from gateway import problems
from gateway.refusal import Refused
from tests.gateway.live.talk import Talk
from tests.gateway.records import AT


async def test_a_vote_is_acknowledged_and_then_shows_the_numbers() -> None:
    talk = Talk()
    talk.vote(1, "2")
    talk.ballots.durable.set()
    assert await talk.next() == {"type": "ack", "id": 1, "receipt": "r-2"}
    assert talk.revealed == ["best"]


async def test_neither_a_withdrawal_nor_a_refused_vote_shows_them() -> None:
    talk = Talk()
    talk.ballots.durable.set()
    talk.say(type="withdraw", id=1, poll_id="best")
    assert await talk.answers(1) == [(1, "")]
    talk.ballots.error = Refused(problems.INELIGIBLE)
    talk.vote(2, "1")
    talk.say(type="show", id=3, receipt="not mine")
    assert sorted(await talk.answers(2)) == [(2, "ineligible"), (3, "unknown-receipt")]
    assert talk.revealed == []


async def test_the_receipt_of_a_vote_shows_them_too() -> None:
    talk = Talk()
    talk.say(type="show", id="s", receipt="mine")
    assert await talk.next() == {"type": "ack", "id": "s"}
    assert talk.revealed == ["best"]


async def test_every_frame_counts_against_the_limit() -> None:
    talk = Talk()
    talk.allowed = 2
    talk.say_raw("{")
    talk.say(type="dance", id=1)
    talk.vote(2, "1")
    talk.say_raw('{"id": 3')
    assert await talk.answers(4) == [
        (None, "not-json"), (1, "unknown-frame"), (2, "rate-limited"), (None, "rate-limited"),
    ]  # fmt: skip


async def test_a_token_ends_while_the_socket_is_open() -> None:
    talk = Talk()
    talk.now = AT + 59_999
    talk.expiries.look()
    assert talk.closed is None
    talk.now = AT + 60_000
    talk.vote(1, "1")
    assert await talk.answers(1) == [(1, "expired-token")]
    talk.expiries.look()
    assert talk.closed == (4401, "expired-token")


async def test_nobody_waits_for_the_end_of_a_token_whose_socket_is_closed() -> None:
    talk = Talk()
    talk.conversation.close()
    talk.now = AT + 60_000
    talk.expiries.look()
    assert talk.closed is None
    assert not talk.expiries._due


async def test_so_many_votes_wait_and_no_more() -> None:
    talk = Talk()
    for number in range(17):
        talk.vote(number, "1")
    assert await talk.answers(1) == [(16, "too-much-waiting")]
    talk.ballots.durable.set()
    assert sorted(await talk.answers(16), key=str) == sorted(((n, "") for n in range(16)), key=str)


async def test_a_failure_is_answered_and_the_next_vote_is_taken() -> None:
    talk = Talk()
    talk.ballots.durable.set()
    talk.ballots.error = KeyError("secret")
    talk.vote(1, "1")
    assert await talk.answers(1) == [(1, "internal")]
    talk.ballots.error = None
    talk.vote(2, "1")
    assert await talk.answers(1) == [(2, "")]


async def test_closing_waits_for_nobody() -> None:
    talk = Talk()
    talk.vote(1, "1")
    await asyncio.sleep(0)
    (task,) = talk.conversation._answers._tasks
    talk.conversation.close()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()


async def test_a_few_bad_frames_are_answered_and_many_end_it() -> None:
    talk = Talk()
    for _ in range(20):
        talk.say_raw("not JSON")
        talk.tap(1)
    assert talk.closed is None
    assert (await talk.answers(40))[0] == (None, "not-json")
    talk.say(type="dance", id=7)
    assert await talk.answers(1) == [(7, "unknown-frame")]
    assert talk.closed == (4400, "bad-frames")
    talk.tap(8)
    assert talk.is_quiet
    assert len(talk.taps.counted) == 20


async def test_who_goes_on_though_refused_for_it_is_closed() -> None:
    talk = Talk()
    talk.allowed = 1
    for number in range(1 + 200):
        talk.tap(number)
    assert talk.closed is None
    talk.tap(201)
    assert talk.closed == (4429, "too-many-frames")
    assert {problem for _, problem in await talk.answers(202)} == {"", "rate-limited"}


async def test_ids_are_echoed_only_as_long_as_any_client_can_count() -> None:
    talk = Talk()
    for frame_id in (2**53 - 1, 1 - 2**53, "x" * 64, None):
        talk.say(type="ping", id=frame_id)
    assert [frame_id for frame_id, _ in await talk.answers(4)] == [2**53 - 1, 1 - 2**53, "x" * 64, None]
    bad: tuple[object, ...] = (2**53, 10**400, "x" * 65, 1.5, True, [1])
    for each in bad:
        talk.say(type="ping", id=each)
        assert await talk.answers(1) in ([(None, "invalid-field")], [(None, "not-json")]), each


async def test_nothing_is_sent_again_without_a_session() -> None:
    talk = Talk()
    talk.tap(1, "some-edge.1")
    answer = await talk.next()
    assert (answer["problem"], answer["field"]) == ("/problems/invalid-field", "sent_to")
    assert not talk.taps.counted
