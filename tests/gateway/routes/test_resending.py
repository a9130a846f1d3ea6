"""Taps and votes over connections that break, between gateways that die: counted once, and answered alike."""

import asyncio
import random
import signal
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.gateway import kafka_log
from tests.gateway.api import Api
from tests.gateway.processes import Process, gateway
from tests.gateway.tabs import Closed, Tab, open_tab, welcomed


@pytest.fixture
def session_name() -> str:
    return uuid4().hex


async def counted(bootstrap: str, stream: str) -> int:
    """Return how many taps are in Kafka, once what gateways hold has had the time to get there."""
    await asyncio.sleep(0.3)
    return (await asyncio.to_thread(kafka_log.taps, bootstrap, stream)).get("🔥", 0)


async def stream_at(*gateways: Api, **poll: Any) -> tuple[str, str, str]:
    """Return a stream that all of them know, a poll of it, and a token."""
    stream = await gateways[0].stream()
    poll_id = await gateways[0].poll(stream, **poll)
    for each in gateways:
        await each.until_known(stream, poll_id)
    return stream, poll_id, await gateways[0].token(stream)


async def test_taps_whose_answer_was_lost_are_answered_alike(
    three: list[Api], session_name: str, bootstrap: str
) -> None:
    here, there, elsewhere = three
    stream, _, token = await stream_at(*three)
    old = await welcomed(here, stream, token, session_name)
    await old.tap(1, count=3)
    first = await old.answer()
    new = await welcomed(there, stream, token, session_name)
    assert new.edge != old.edge
    await new.tap(1, old.edge, count=3)
    assert await new.answer() == first
    assert await old.end() == (4409, "resumed-elsewhere")
    third = await welcomed(elsewhere, stream, token, session_name)
    await third.tap(1, old.edge, new.edge, count=3)
    assert await third.answer() == first
    await third.tap(2)
    assert (await third.answer())["counted"] == 1
    assert await counted(bootstrap, stream) == 4


async def test_a_frame_that_was_slow_on_its_way_is_refused(three: list[Api], session_name: str, bootstrap: str) -> None:
    here, there, _ = three
    stream, _, token = await stream_at(*three)
    old = await welcomed(here, stream, token, session_name)
    new = await welcomed(there, stream, token, session_name)
    await new.tap(1, old.edge)
    assert (await new.answer())["type"] == "ack"
    await old.tap(1)
    with pytest.raises(Closed, match="4409 resumed-elsewhere"):
        await old.answer()
    assert await counted(bootstrap, stream) == 1


async def test_at_a_killed_gateway_taps_are_uncertain_and_votes_are_cast_again(
    three: list[Api], session_name: str, bootstrap: str, redis_url: str, folder: Path, session: aiohttp.ClientSession
) -> None:
    process, url = gateway(bootstrap, redis_url, folder)
    process.start()
    doomed = Api(session, url)
    stream, poll, token = await stream_at(doomed, *three)
    old = await welcomed(doomed, stream, token, session_name)
    await old.tap(1)
    await old.vote(2, poll, "1")
    assert {(await old.answer())["type"] for _ in range(2)} == {"ack"}
    async with asyncio.timeout(10):
        while await counted(bootstrap, stream) != 1:
            pass
    process.stop(signal.SIGKILL)
    try:
        new = await welcomed(three[0], stream, token, session_name)
        await new.tap(1, old.edge)
        await new.vote(2, poll, "1", old.edge)
        await new.tap(3)
        answers = {answer["id"]: answer for answer in [await new.answer() for _ in range(3)]}
        assert answers[1]["problem"] == "/problems/uncertain-taps"
        assert answers[2]["receipt"]
        assert answers[3]["counted"] == 1
        assert await counted(bootstrap, stream) == 2
        votes = await asyncio.to_thread(kafka_log.votes, bootstrap, stream)
        assert len({vote["voter"] for vote in votes}) == 1
        # Started again it is another edge, and rightly knows nothing of its former life.
        process.start()
        reborn = await welcomed(doomed, stream, token, session_name)
        assert reborn.edge != old.edge
        await reborn.tap(1, old.edge)
        assert (await reborn.answer())["problem"] == "/problems/uncertain-taps"
    finally:
        process.stop()


async def test_a_gateway_that_stops_costs_nobody_a_tap(
    three: list[Api], session_name: str, bootstrap: str, redis_url: str, folder: Path, session: aiohttp.ClientSession
) -> None:
    process, url = gateway(bootstrap, redis_url, folder)
    process.start()
    leaving = Api(session, url)
    stream, _, token = await stream_at(leaving, *three)
    old = await welcomed(leaving, stream, token, session_name)
    await old.tap(1)
    first = await old.answer()
    assert await asyncio.to_thread(process.stop) == 0
    new = await welcomed(three[0], stream, token, session_name)
    await new.tap(1, old.edge)
    assert await new.answer() == first
    await new.tap(2, old.edge)  # On its way when the sockets were closed: it was never taken.
    assert (await new.answer())["counted"] == 1
    assert await counted(bootstrap, stream) == 2


async def test_a_vote_that_waits_for_kafka_is_waited_for(
    three: list[Api], session_name: str, bootstrap: str, broker: Process
) -> None:
    here, there, _ = three
    stream, poll, token = await stream_at(*three)
    first = await welcomed(here, stream, token, session_name)
    await first.vote(1, poll, "1")  # Locks the poll's rules, so that the next is on its way to Kafka at once.
    assert (await first.answer())["receipt"]
    broker.send(signal.SIGSTOP)
    try:
        await first.vote(2, poll, "2")
        await first.say(type="ping", id="taken")
        assert (await first.answer())["id"] == "taken"
        first.cut()
        new = await welcomed(there, stream, token, session_name)
        await new.vote(2, poll, "2", first.edge)
        await new.tap(3)
        assert (await new.answer())["id"] == 3
    finally:
        broker.send(signal.SIGCONT)
    assert (await new.answer())["receipt"]
    votes = await asyncio.to_thread(kafka_log.votes, bootstrap, stream)
    assert len(votes) == 2


async def test_over_a_network_that_breaks_all_the_time_each_tap_counts_once(
    three: list[Api], session_name: str, bootstrap: str
) -> None:
    stream, _, token = await stream_at(*three)
    chance = random.Random(7)
    unanswered: dict[int, list[str]] = {}
    """Frames without an answer, and where each was sent."""
    answered: list[int] = []
    last_id = 0

    async def talk(tab: Tab) -> None:
        nonlocal last_id
        for frame_id, sent_to in unanswered.items():
            await tab.tap(frame_id, *sent_to)
            sent_to[:] = dict.fromkeys([*sent_to, tab.edge])
        for _ in range(chance.randrange(12 - len(unanswered))):
            last_id += 1
            unanswered[last_id] = [tab.edge]
            await tab.tap(last_id)
        for _ in range(chance.randint(0, len(unanswered))):
            answer = await tab.answer()
            assert answer["type"] == "ack", answer
            del unanswered[answer["id"]]
            answered.append(answer["id"])
        if chance.random() < 0.8:
            tab.cut()

    while last_id < 200 or unanswered:
        await talk(await welcomed(chance.choice(three), stream, token, session_name))
    assert sorted(answered) == list(range(1, last_id + 1))
    assert await counted(bootstrap, stream) == last_id


async def test_a_session_is_named_well_or_not_at_all(api: Api) -> None:
    stream = await api.stream()
    token = await api.token(stream)
    for name in ("short", "x" * 65, "with spaces in its name", "naïve-naïve-naïve-naïve"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await open_tab(api, stream, token, name)
        assert refused.value.status == 422
