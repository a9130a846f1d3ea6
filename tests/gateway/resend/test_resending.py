"""Gateways of which only the conversations are there, on a real Redis: what is sent again is counted once."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from gateway.auth import Viewer
from gateway.live.conversation import Conversation
from gateway.resend.edges import ANSWER_S, Edges
from gateway.resend.names import new_life
from gateway.resend.session import KEPT_ANSWERS
from tests.gateway.live.talk import VIEWER, Ballots, Talk, Taps
from tests.gateway.processes import Process
from tests.gateway.records import AT

SECRET = "s" * 40
Start = Callable[[], Awaitable[Edges]]


@pytest.fixture
async def start(redis_url: str) -> AsyncIterator[Start]:
    """Return a function that starts a gateway."""
    async with AsyncExitStack() as stack:

        async def start() -> Edges:
            redis = await stack.enter_async_context(Redis.from_url(redis_url, socket_timeout=1))
            edges = Edges(redis, redis_url, SECRET, new_life("gateway"), settle_s=2)
            edges.start()
            stack.push_async_callback(edges.close)
            async with asyncio.timeout(5):
                await edges.listening.wait()
            return edges

        yield start


async def tapped(edge: Edges, taps: Taps) -> tuple[Talk, dict[str, Any]]:
    """Return a socket at `edge` that has tapped once, and how it was answered."""
    talk = Talk(taps).join(edge)
    talk.tap(1)
    return talk, await talk.next()


async def test_an_answer_that_was_lost_is_given_again_at_another_edge(start: Start) -> None:
    here, there, taps = await start(), await start(), Taps()
    old, first = await tapped(here, taps)
    new = Talk(taps).join(there)
    new.tap(1, old.edge)
    assert await new.next() == first
    assert old.closed == (4409, "resumed-elsewhere")
    third = Talk(taps).join(await start())
    third.tap(1, old.edge, new.edge)
    assert await third.next() == first
    assert len(taps.counted) == 1


async def test_what_never_came_is_taken_and_its_delayed_twin_is_not(start: Start) -> None:
    here, there, taps = await start(), await start(), Taps()
    old = Talk(taps).join(here)
    new = Talk(taps).join(there)
    new.tap(1, old.edge)
    assert await new.answers(1) == [(1, "")]
    old.tap(1)
    assert old.closed == (4409, "resumed-elsewhere")
    assert old.is_quiet
    assert len(taps.counted) == 1


async def test_the_same_edge_answers_from_its_own_memory(start: Start) -> None:
    here, taps = await start(), Taps()
    old = Talk(taps).join(here)
    old.tap(1)
    first = await old.next()
    new = Talk(taps).join(here)
    assert new.edge == old.edge
    assert old.closed == (4409, "resumed-elsewhere")
    old.tap(2)
    new.tap(1, old.edge)
    new.tap(2, old.edge)
    assert await new.next() == first
    assert await new.answers(1) == [(2, "")]
    assert len(taps.counted) == 2


async def test_what_comes_behind_a_question_waits_for_its_answer(start: Start) -> None:
    here, there, taps, ballots = await start(), await start(), Taps(), Ballots()
    ballots.durable.set()
    old = Talk(taps).join(here)
    new = Talk(taps, ballots).join(there)
    new.vote(1, "1", old.edge)
    new.vote(2, "2")
    new.tap(3)
    assert (ballots.cast, taps.counted) == ([], [])
    assert sorted(await new.answers(3)) == [(1, ""), (2, ""), (3, "")]
    assert ballots.cast == ["1", "2"]


async def test_after_one_question_nobody_is_asked_again(start: Start) -> None:
    here, there, taps = await start(), await start(), Taps()
    old = Talk(taps).join(here)
    for number in range(1, 6):
        old.tap(number)
    new = Talk(taps).join(there)
    new.tap(1, old.edge)
    assert await new.answers(1) == [(1, "")]
    for number in range(2, 7):
        new.tap(number, old.edge)
    assert new.is_quiet is False  # At once, without a word between the gateways.
    assert await new.answers(5) == [(number, "") for number in range(2, 7)]
    assert len(taps.counted) == 6


@pytest.mark.parametrize("edge", ["gateway-dead.1", "no place", "gateway-dead.x"])
async def test_of_taps_sent_to_a_dead_edge_nobody_knows(start: Start, edge: str) -> None:
    talk = Talk().join(await start())
    talk.tap(1, edge)
    assert await talk.answers(1) == [(1, "uncertain-taps")]
    other = Talk(talk.taps).join(await start())
    other.tap(1, edge, talk.edge)  # It was answered, if only with a no, and that stands.
    assert await other.answers(1) == [(1, "uncertain-taps")]
    other.tap(2)
    assert await other.answers(1) == [(2, "")]
    assert len(talk.taps.counted) == 1


async def test_a_vote_sent_to_a_dead_edge_is_cast_again(start: Start) -> None:
    talk = Talk().join(await start())
    talk.ballots.durable.set()
    talk.vote(1, "2", "gateway-dead.1")
    assert await talk.next() == {"type": "ack", "id": 1, "receipt": "r-2"}
    assert talk.revealed == ["best"]


async def test_a_vote_that_waits_for_kafka_elsewhere_is_waited_for(start: Start) -> None:
    ballots = Ballots()
    old = Talk(ballots=ballots).join(await start())
    old.vote(1, "2")
    await asyncio.sleep(0)
    old.conversation.close()  # The vote is under way all the same.
    new = Talk(ballots=ballots).join(await start())
    new.vote(1, "2", old.edge)
    new.tap(2)
    assert await new.answers(1) == [(2, "")]
    ballots.durable.set()
    assert await new.next() == {"type": "ack", "id": 1, "receipt": "r-2"}
    assert new.revealed == ["best"]
    assert ballots.cast == ["2"]


async def test_a_vote_that_kafka_confirms_while_it_is_told_of_as_waiting_is_told_again(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, ballots = await start(), Ballots()
    old = Talk(ballots=ballots).join(here)
    old.vote(1, "2")
    await asyncio.sleep(0)
    send = here._wire.send

    async def confirmed_meanwhile(life: str, message: bytes) -> bool:
        ballots.durable.set()
        await asyncio.sleep(0.05)
        return await send(life, message)

    monkeypatch.setattr(here._wire, "send", confirmed_meanwhile)
    new = Talk(ballots=ballots).join(await start())
    new.vote(1, "2", old.edge)
    assert await new.next() == {"type": "ack", "id": 1, "receipt": "r-2"}
    assert ballots.cast == ["2"]


async def test_a_vote_that_waits_at_the_same_edge_is_waited_for(start: Start) -> None:
    here, ballots = await start(), Ballots()
    old = Talk(ballots=ballots).join(here)
    old.vote(1, "2")
    new = Talk(ballots=ballots).join(here)
    new.vote(1, "2", old.edge)
    ballots.durable.set()
    assert await new.next() == {"type": "ack", "id": 1, "receipt": "r-2"}
    assert ballots.cast == ["2"]


async def test_a_vote_whose_edge_died_while_it_waited_is_not_known_of(start: Start) -> None:
    here = await start()
    old = Talk().join(here)
    old.vote(1, "2")
    await asyncio.sleep(0)
    new = Talk().join(await start())
    new.vote(1, "2", old.edge)
    new.tap(2)
    assert await new.answers(1) == [(2, "")]
    await here.close()
    assert await new.answers(1) == [(1, "kafka-unreachable")]
    assert new.ballots.cast == []


async def test_what_was_forgotten_is_not_taken_for_what_never_came(start: Start) -> None:
    here, there = await start(), await start()
    old = Talk().join(here)
    for number in range(KEPT_ANSWERS + 1):
        old.tap(number)
    new = Talk().join(there)
    new.tap(0, old.edge)
    new.tap(1, old.edge)
    assert await new.answers(2) == [(0, "uncertain-taps"), (1, "")]
    assert new.taps.counted == []


async def test_a_session_that_was_forgotten_as_a_whole_is_another_one(start: Start) -> None:
    here = await start()
    old = Talk().join(here)
    old.tap(1)
    here.sessions._all.clear()
    again = Talk(old.taps).join(here)
    assert again.edge != old.edge
    for talk in (again, Talk(old.taps).join(await start())):
        talk.tap(1, old.edge)
        assert await talk.answers(1) == [(1, "uncertain-taps")]
    assert len(old.taps.counted) == 1


async def test_nobody_asks_for_the_session_of_another(start: Start) -> None:
    here, there = await start(), await start()
    mine = Talk().join(here)
    mine.tap(1)
    assert (await mine.answers(1)) == [(1, "")]
    for viewer in (Viewer("viewer-2", "cup", "viewer", AT), Viewer("viewer-1", "final", "viewer", AT)):
        theirs = Talk(viewer=viewer)
        theirs.now = 0
        theirs.join(there).tap(1, mine.edge)
        assert await theirs.answers(1) == [(1, "uncertain-taps")]
    assert mine.closed is None


async def test_the_order_of_ids_is_kept(start: Start) -> None:
    here, there = await start(), await start()
    old = Talk().join(here)
    for frame_id in (5, 5, 4, 6):
        old.tap(frame_id)
    assert await old.answers(4) == [(5, ""), (5, "wrong-order"), (4, "wrong-order"), (6, "")]
    for bad in ("seven", None, -1):
        old.tap(bad)
        assert (await old.next())["field"] == "id"
    old.say(type="ping", id="any")
    assert await old.answers(1) == [("any", "")]
    new = Talk(old.taps).join(here)
    new.tap(6)  # Not said to be sent again, so it is none.
    assert await new.answers(1) == [(6, "wrong-order")]
    third = Talk(old.taps).join(there)
    third.tap(7, old.edge)
    third.tap(6, old.edge)
    assert await third.answers(2) == [(7, ""), (6, "wrong-order")]
    assert len(old.taps.counted) == 3


@pytest.mark.parametrize("end", [Conversation.close, Conversation.fence])
async def test_a_socket_that_closes_during_the_question_takes_nothing(
    start: Start, end: Callable[[Conversation], None]
) -> None:
    here, there = await start(), await start()
    old, new = Talk().join(here), Talk().join(there)
    new.tap(1, old.edge)
    question = new.conversation._recalling
    assert question is not None
    end(new.conversation)
    await asyncio.wait([question], timeout=5)
    assert new.taps.counted == []
    last = Talk(new.taps).join(await start())
    last.tap(1, old.edge, new.edge)
    assert await last.answers(1) == [(1, "")]
    assert len(new.taps.counted) == 1


async def test_who_stops_leaves_behind_what_it_took(start: Start, redis_url: str) -> None:
    here, taps, ballots = await start(), Taps(), Ballots()
    old = Talk(taps, ballots).join(here)
    old.tap(1)
    first = await old.next()
    old.vote(2, "1")
    await asyncio.sleep(0)
    old.vote(3, "2")
    await asyncio.sleep(0)
    old.conversation.close()
    closing = asyncio.create_task(here.close())
    await asyncio.sleep(0)  # Votes are given a moment; for the second it is not enough.
    old.conversation._answers.line.settle(2, '{"type":"ack","id":2,"receipt":"r-1"}')  # type: ignore[union-attr]
    await closing
    new = Talk(taps, ballots).join(await start())
    new.tap(1, old.edge)
    assert await new.next() == first
    new.vote(2, "1", old.edge)
    assert await new.answers(1) == [(2, "")]
    new.vote(3, "2", old.edge)
    assert await new.answers(1) == [(3, "kafka-unreachable")]
    new.tap(4, old.edge)
    assert await new.answers(1) == [(4, "")]
    assert (len(taps.counted), ballots.cast) == (2, ["1", "2"])
    stranger = Talk(viewer=msgspec.structs.replace(VIEWER, viewer_id="viewer-2")).join(await start())
    stranger.tap(3, old.edge)
    assert await stranger.answers(1) == [(3, "uncertain-taps")]


async def test_an_edge_that_lives_is_waited_for_on_a_full_machine(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, taps = await start(), await start(), Taps()
    old, first = await tapped(here, taps)
    later = asyncio.get_running_loop().call_later
    monkeypatch.setattr(here._wire, "_on_message", lambda raw: later(ANSWER_S + 0.5, here._take, raw))
    new = Talk(taps).join(there)
    new.tap(1, old.edge)
    assert await new.next() == first
    assert len(taps.counted) == 1


@pytest.mark.parametrize("lives", [True, False])
async def test_an_edge_is_asked_no_longer_where_a_library_has_lost_the_cancellation(
    start: Start, monkeypatch: pytest.MonkeyPatch, lives: bool
) -> None:
    here, there, taps = await start(), await start(), Taps()
    old, first = await tapped(here, taps)
    send = there._wire.send

    async def loses_one(life: str, message: bytes) -> bool:
        monkeypatch.setattr(there._wire, "send", send)
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return await send(life, message)

    monkeypatch.setattr(there._wire, "send", loses_one)
    new = Talk(taps).join(there)
    new.tap(1, old.edge if lives else "gateway-dead.1")
    if lives:
        assert await new.next() == first
    else:
        assert await new.answers(1) == [(1, "uncertain-taps")]
    assert len(taps.counted) == 1


async def test_an_edge_that_stops_before_it_answers_has_left_the_answer_behind(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, taps = await start(), await start(), Taps()
    old, first = await tapped(here, taps)
    asked = asyncio.Event()
    monkeypatch.setattr(here._wire, "_on_message", lambda _: asked.set())
    new = Talk(taps).join(there)
    new.tap(1, old.edge)
    await asked.wait()
    old.conversation.close()
    await here.close()
    assert await new.next() == first
    assert len(taps.counted) == 1


async def test_without_redis_nothing_is_counted_twice(start: Start, redis_server: Process) -> None:
    here, there = await start(), await start()
    old, new = Talk().join(here), Talk().join(there)
    new.ballots.durable.set()
    old.tap(1)
    redis_server.send(signal.SIGSTOP)
    try:
        new.tap(1, old.edge)
        new.vote(2, "1", old.edge)
        assert await new.answers(2) == [(1, "uncertain-taps"), (2, "")]
    finally:
        redis_server.send(signal.SIGCONT)
    assert new.taps.counted == []


async def test_what_gateways_say_cannot_be_read_or_made_up(start: Start, redis_url: str) -> None:
    here, there = await start(), await start()
    old, new = Talk().join(here), Talk().join(there)
    old.ballots.durable.set()
    old.vote(1, "1")
    await old.next()
    async with Redis.from_url(redis_url) as redis, redis.pubsub() as everything:
        await everything.psubscribe("ovation:edge:*")
        await everything.get_message(timeout=5)
        new.vote(1, "1", old.edge)
        await new.next()
        said = [(await everything.get_message(timeout=5))["data"] for _ in range(2)]
        assert not any(b"r-1" in each or VIEWER.viewer_id.encode() in each for each in said)
        for forged in (b"", b"x" * 200_000, said[0]):
            await redis.publish(f"ovation:edge:{there.life}", forged)
    new.tap(2)
    assert new.closed is None
