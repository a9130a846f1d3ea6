"""`ovation.client` with real gateways: what it sends again counts once, and what they refuse it understands."""

import asyncio
import signal
from pathlib import Path

import pytest

from gateway import problems
from ovation.client import ProblemError, connect
from tests.gateway import kafka_log
from tests.gateway.api import Api
from tests.gateway.processes import gateway
from tests.gateway.python_client_relay import relay

DEADLINE_S = 20


async def test_answers_that_the_network_lost_are_given_by_another_gateway(three: list[Api], bootstrap: str) -> None:
    stream = await three[0].stream()
    poll = await three[0].poll(stream)
    token = await three[0].token(stream)
    async with (
        asyncio.timeout(DEADLINE_S),
        relay(three[0].url) as (network, url),
        connect(stream, token, urls=[url, three[1].url], moment_ms=0) as live,
    ):
        await live.ready()
        network.deaf = True
        tapping = asyncio.ensure_future(live.react({"🔥": 2, "👏": 1}))
        sending = live.cast(poll, ["2"])
        await network.swallowed.wait()
        network.cut()
        counted, receipt = await tapping, (await sending.answer).as_receipt()
        assert (counted.counted, len(sending.tries_s), live.connections) == (3, 2, 2)
        assert (live.votes[poll].state, live.votes[poll].receipt) == ("counted", receipt)
        assert live.picture.polls[poll]["options"][1]["text"] == "Bo"
    assert len(await asyncio.to_thread(kafka_log.votes, bootstrap, stream)) == 1
    async with asyncio.timeout(DEADLINE_S):
        while (taps := await asyncio.to_thread(kafka_log.taps, bootstrap, stream)) != {"🔥": 2, "👏": 1}:
            assert sum(taps.values()) <= 3
            await asyncio.sleep(0.05)


async def test_of_taps_at_a_gateway_that_died_nobody_knows_and_a_vote_counts(
    api: Api, bootstrap: str, redis_url: str, folder: Path
) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    token = await api.token(stream)
    process, dying = gateway(bootstrap, redis_url, folder)
    process.start()
    async with (
        asyncio.timeout(DEADLINE_S),
        relay(dying) as (network, url),
        connect(stream, token, urls=[url, api.url], moment_ms=0) as live,
    ):
        await live.ready()
        network.deaf = True
        tapping = asyncio.ensure_future(live.react({"🔥": 1}))
        sending = live.cast(poll, ["1"])
        await network.swallowed.wait()
        process.stop(signal.SIGKILL)
        network.cut()
        with pytest.raises(ProblemError, match="uncertain-taps") as caught:
            await tapping
        assert not caught.value.nothing_done
        assert (await sending.answer).receipt
        assert len(sending.tries_s) + len(sending.doubts_s) > 1
        assert (await live.react({"🔥": 1})).counted == 1


@pytest.mark.parametrize("problem", [problems.BAD_TOKEN, problems.FOREIGN_TOKEN])
async def test_a_refusal_is_the_gateway_s_own_problem(api: Api, problem: problems.Problem) -> None:
    stream, other = await api.stream(), await api.stream()
    token = "bad" if problem is problems.BAD_TOKEN else await api.token(other)
    async with asyncio.timeout(DEADLINE_S), connect(stream, token, urls=[api.url]) as live:
        with pytest.raises(ProblemError) as caught:
            await live.ready()
    assert (caught.value.name, caught.value.title, caught.value.status) == (
        problem.name,
        problem.title,
        problem.status,
    )
