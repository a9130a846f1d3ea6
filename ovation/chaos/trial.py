"""One schedule on a running stack, from its crowd to its findings."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress

import msgspec

from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.audience.receipts import settle_doubts
from ovation.audience.report import Report, report
from ovation.audience.settle import settle
from ovation.chaos.doing import Doing
from ovation.chaos.machine import Machine
from ovation.chaos.plan import Schedule
from ovation.chaos.promises import Broken, broken
from ovation.chaos.taps import TimedTaps
from ovation.chaos.watch import Watch
from ovation.client.errors import CallError
from ovation.client.gateway import GatewayClient
from ovation.errors import OvationError
from ovation.verify.stream import Verifier
from ovation.verify.verdict import Verdict

FLUSH_S = 0.025
"""How long a gateway holds taps that it has answered (docs/architecture.md)."""
ON_THE_WAY_S = 0.1
"""From a gateway's answer to its taps being in Kafka, and to the audience having read the answer, on a full machine."""


class Trial(msgspec.Struct, frozen=True):
    """What came of one schedule. `again_s` are the seconds from each fault's end until all screens moved, by its name.
    `right_again_s` is how long Redis lacked a number after it was emptied.

    `given_up` are taps and votes that failed in the end; the crowd tries again all but taps by HTTP that have no key.
    `in_doubt` are taps that a killed gateway had answered within a flush of its end, `lost` how many did not count.
    """

    seed: int
    schedule: str
    faults: list[str]
    broken: list[str]
    failed: str | None
    seconds: float
    taps: int
    votes: int
    in_doubt: int
    lost: int
    given_up: int
    stood_still_s: float
    again_s: dict[str, float]
    right_again_s: float | None
    settled_s: float | None
    memory_mb: dict[str, int]

    @property
    def good(self) -> bool:
        """Whether every promise held, and could be looked at."""
        return not self.broken and self.failed is None


async def attempt(
    addresses: Addresses, urls: Sequence[str], machine: Machine, schedule: Schedule, patience_s: float
) -> Trial:
    """Run a schedule on the stack behind `urls`, heal the stack, and return what came of it.

    Screens may take `patience_s` after the last answer to show everything, and history as long after them.
    """
    began = time.monotonic()
    name = f"chaos-{schedule.seed}-{secrets.token_hex(3)}"
    stream_ids = [f"{name}-{number}" for number in range(schedule.crowd.streams)]
    key = addresses.api_key.get_secret_value()
    async with AsyncExitStack() as stack:
        given = await stack.enter_async_context(machine.network.relaying(urls))
        client, *others = [await stack.enter_async_context(GatewayClient(url, key)) for url in given]
        crowd = await stack.enter_async_context(Crowd(client, schedule.crowd, stream_ids, others=others))
        for stage in crowd.stages:
            stage.account.taps = TimedTaps()
        machine.late.follow(crowd.stages, schedule.seed)
        watch = Watch(crowd, machine)
        doing = Doing(schedule, machine, crowd)
        failed: str | None = None
        done: Report | None = None
        verdicts: list[Verdict] = []
        doubts: list[str] = []
        in_doubt = 0
        try:
            await _run(crowd, doing, watch)
            in_doubt = _doubt(crowd, doing.kills_s)
            done = report(crowd, await settle(client, crowd, patience_s))
            if schedule.rolls and done.failed:
                said = ", ".join(f"{number} {name}" for name, number in done.failures.items())
                failed = f"{done.failed} requests failed in the end while gateways were restarted in turn: {said}"
            verdicts, doubts = await _verify(addresses, client, crowd, patience_s if done.agrees else 0)
        except (CallError, OvationError, TimeoutError) as failure:
            failed = f"{type(failure).__name__}: {failure}"
        finally:
            await doing.finish()
            await asyncio.to_thread(machine.heal)
        found = broken(verdicts, doubts, crowd.stepped)
    return _trial(schedule, crowd, watch, doing, found, failed, done, in_doubt, time.monotonic() - began)


async def _run(crowd: Crowd, doing: Doing, watch: Watch) -> None:
    watching = asyncio.create_task(watch.run())
    happening = asyncio.create_task(doing.run())
    try:
        await crowd.run()
        await happening
    finally:
        for task in (watching, happening):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _doubt(crowd: Crowd, kills_s: Sequence[float]) -> int:
    doubted = 0
    for killed_s in kills_s:
        for stage in crowd.stages:
            taps = stage.account.taps
            assert isinstance(taps, TimedTaps)
            doubted += taps.doubt(killed_s - FLUSH_S - ON_THE_WAY_S, killed_s + ON_THE_WAY_S)
    return doubted


async def _verify(
    addresses: Addresses, client: GatewayClient, crowd: Crowd, patience_s: float
) -> tuple[list[Verdict], list[str]]:
    """Return the verdicts of Redis, ClickHouse and the ledger, and what gateways told of ballots that cannot be."""
    verdicts, doubts = [], []
    with Verifier(addresses) as verifier:
        for stream_id, promised in crowd.ledger.streams.items():
            await verifier.verify(stream_id, promised, patience_s)
            for ballots in promised.polls.values():
                doubts += await settle_doubts(client, ballots)
            verdicts.append(await verifier.verify(stream_id, promised, patience_s))
    return verdicts, doubts


def _trial(
    schedule: Schedule,
    crowd: Crowd,
    watch: Watch,
    doing: Doing,
    found: list[Broken],
    failed: str | None,
    done: Report | None,
    in_doubt: int,
    seconds: float,
) -> Trial:
    return Trial(
        seed=schedule.seed,
        schedule=str(schedule),
        faults=[event.fault.name for event in schedule.events],
        broken=[str(each) for each in found],
        failed=failed,
        seconds=round(seconds, 1),
        taps=done.taps.acknowledged if done else 0,
        votes=done.votes.acknowledged if done else 0,
        in_doubt=in_doubt,
        lost=_lost(crowd),
        given_up=done.failed if done else 0,
        stood_still_s=round(watch.stood_still_s, 2),
        again_s=doing.again_s,
        right_again_s=doing.right_again_s,
        settled_s=done.settled_s if done else None,
        memory_mb=watch.memory_mb,
    )


def _lost(crowd: Crowd) -> int:
    """Return how many taps that may count or not did not, on the screens that show the most."""
    lost = 0
    for stage in crowd.stages:
        taps = stage.account.taps
        open_taps = sum(taps.unanswered.values())
        if open_taps and stage.screens:
            lost += open_taps + taps.acknowledged - max(sum(screen.totals.values()) for screen in stage.screens)
    return lost
