"""A crowd on the stack, something that happens to it meanwhile, and the check that nothing was lost or doubled."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from ovation.addresses import Addresses
from ovation.audience import ledger
from ovation.audience.at_once import at_once
from ovation.audience.crowd import Crowd
from ovation.audience.plan import Plan
from ovation.audience.receipts import settle_doubts
from ovation.audience.report import Report, report
from ovation.audience.settle import settle
from ovation.chaos import watch
from ovation.client.gateway import GatewayClient
from ovation.verify.stream import Verifier

CROWD = Plan(
    streams=10,
    viewers=200,
    taps_per_s=1_100,
    seconds=12,
    voters=2_000,
    vote_seconds=11,
    double_vote_share=0.2,
    http_share=0.2,
    screens=5,
)
"""13,200 taps and 2,400 votes, by HTTP and by socket."""

VOTES = 2_400
UNTIL_DONE = replace(CROWD, streams=4, viewers=60, taps_per_s=400, seconds=None, voters=1_000, vote_seconds=18)
"""Fewer, as what happens meanwhile needs the cores, too; tapping until that is over and `AFTERWARDS_S` more."""
VOTES_UNTIL_DONE = 1_200
AFTERWARDS_S = 2.0

SETTLE_S = 120.0
HISTORY_S = 60.0
EVENT_S = 60.0

Meanwhile = Callable[[Crowd], Awaitable[None]]


async def nothing(crowd: Crowd) -> None:
    """Let the crowd do what it does."""


async def run(addresses: Addresses, name: str, plan: Plan = CROWD, meanwhile: Meanwhile = nothing) -> Report:
    """Run a crowd with `meanwhile` beside it; return its report once ledger, screens, Redis and ClickHouse agree.

    Fails with the first number about which they do not. Which of two votes at once stands only the gateway can say: it
    is asked, and then the options must be exact, too.
    """
    stream_ids = [f"{name}-{number}" for number in range(plan.streams)]
    key = addresses.api_key.get_secret_value()
    async with GatewayClient(addresses.gateway_url, key) as client, Crowd(client, plan, stream_ids) as crowd:
        running = asyncio.create_task(crowd.run())
        try:
            await meanwhile(crowd)
            if plan.seconds is None:
                await tapped_for(crowd, AFTERWARDS_S)
                crowd.enough()
            await running
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        done = report(crowd, await settle(client, crowd, SETTLE_S))
        assert done.agrees, done.differences
        assert not done.stepped
        with Verifier(addresses) as verifier:
            await at_once(
                _check(client, verifier, stream_id, promised) for stream_id, promised in crowd.ledger.streams.items()
            )
    print(f"\n{name}: {done.taps}, {done.votes}, tap to screen {done.tap_to_screen_ms}")
    return done


async def _check(client: GatewayClient, verifier: Verifier, stream_id: str, promised: ledger.Stream) -> None:
    verdict = await verifier.verify(stream_id, promised, HISTORY_S)
    assert verdict.agrees, verdict.members()
    for ballots in promised.polls.values():
        assert await settle_doubts(client, ballots) == []
    verdict = await verifier.verify(stream_id, promised, HISTORY_S)
    assert verdict.agrees, verdict.members()


async def tapped_for(crowd: Crowd, seconds: float) -> None:
    """Return when the crowd has tapped for so long from now on, by its own count."""
    enough = crowd.figures.taps_sent + crowd.plan.taps_per_s * seconds
    await _until(lambda: crowd.figures.taps_sent >= enough)


async def screens_move_again(crowd: Crowd) -> float:
    """Return the seconds until every screen shows a tap that was sent after this call."""
    async with asyncio.timeout(EVENT_S):
        return await watch.screens_move_again(crowd)


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(EVENT_S):
        while True:
            if condition():
                return
            await asyncio.sleep(0.02)
