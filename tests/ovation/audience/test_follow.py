"""A vote over a socket, and what is noted of every time that it was sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from ovation.audience.casting import follow
from ovation.audience.figures import Figures
from ovation.audience.ledger import Attempt
from ovation.client import Live, connect
from ovation.client.backoff import Backoff
from tests.ovation.client.gateway_stand_in import DEADLINE_S, HANG_UP, SOCKET, Answer, Hear, LiveGateway, gateway, no

ACK: Answer = {"type": "ack", "receipt": "R"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backoff, "next", lambda self: 0.001)


def saying(*answers: Answer) -> Hear:
    left = list(answers)
    return lambda frame: left.pop(0)


@asynccontextmanager
async def connected(*gates: LiveGateway) -> AsyncIterator[Live]:
    async with AsyncExitStack() as stack, asyncio.timeout(DEADLINE_S):
        urls = [str((await stack.enter_async_context(gateway(SOCKET, each.serve))).make_url("")) for each in gates]
        async with connect("s", "token", urls=urls) as live:
            await live.ready()
            yield live


async def noted(*answers: Answer) -> tuple[list[tuple[str, str | None]], Figures]:
    attempts: list[Attempt] = []
    figures = Figures()
    async with connected(LiveGateway(hear=saying(*answers))) as live:
        await follow(live, "p", ("1",), attempts.append, figures)
    assert all(each.choices == ("1",) for each in attempts)
    return [(each.outcome, each.receipt) for each in attempts], figures


async def test_a_vote_is_acknowledged_once() -> None:
    found, figures = await noted(ACK)
    assert found == [("acknowledged", "R")]
    assert (figures.votes_acknowledged, figures.vote_ack.count) == (1, 1)


async def test_of_a_vote_that_was_sent_again_the_other_tries_may_exist() -> None:
    unanswered = ("unanswered", None)
    assert (await noted(HANG_UP, HANG_UP, ACK))[0] == [unanswered, unanswered, ("acknowledged", "R")]
    assert (await noted(no("kafka-unreachable", 503), ACK))[0] == [unanswered, ("acknowledged", "R")]


async def test_who_is_told_to_come_back_has_sent_nothing() -> None:
    assert (await noted(no("rate-limited", 429), no("too-much-waiting", 503), ACK))[0] == [("acknowledged", "R")]


async def test_late_and_refused_votes_are_noted_as_such() -> None:
    found, figures = await noted(no("late-vote", 409, receipt="L"))
    assert (found, figures.vote_ack.count) == ([("late", "L")], 1)
    assert (await noted(no("final-poll", 409)))[0] == [("refused", None)]
    assert (await noted(HANG_UP, no("final-poll", 409)))[0] == [("unanswered", None), ("refused", None)]


async def test_a_vote_whose_place_a_newer_one_took_was_put_off() -> None:
    attempts: list[Attempt] = []
    figures = Figures()
    gate = LiveGateway(hear=lambda frame: None if frame["choices"] == ["1"] else ACK)
    async with connected(gate) as live:
        older = asyncio.ensure_future(follow(live, "p", ("1",), attempts.append, figures))
        await gate.until(lambda: bool(gate.heard))
        await follow(live, "p", ("2",), attempts.append, figures)
        await gate.show({**no("rate-limited", 429), "id": 1})
        await older
    assert [(each.choices, each.outcome) for each in attempts] == [(("2",), "acknowledged")]
    assert figures.votes_put_off == 1


@pytest.mark.parametrize(("sent", "outcome"), [(True, "unanswered"), (False, "refused")])
async def test_who_is_stopped_while_waiting_may_have_voted_if_it_was_sent(sent: bool, outcome: str) -> None:
    attempts: list[Attempt] = []
    gate = LiveGateway(hear=lambda frame: None)
    async with connected(gate) as live:
        if not sent:
            gate.refuse = lambda: pytest.fail("nobody comes back")
            live._talk.exchange.closed()
        voting = asyncio.ensure_future(follow(live, "p", ("1",), attempts.append, Figures()))
        if sent:
            await gate.until(lambda: bool(gate.heard))
        else:
            await asyncio.sleep(0)
        voting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await voting
        assert len(live._talk.exchange._outbox) == 0
    assert [each.outcome for each in attempts] == [outcome]
