"""One schedule on a running stack, from its crowd to what came of it."""

import asyncio
import secrets
import time
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any

from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.chaos.dashboard import Dashboard
from ovation.chaos.doing import Doing
from ovation.chaos.judging import Judgement, in_doubt, lost, maybe_twice
from ovation.chaos.machine import Machine
from ovation.chaos.plan import Schedule
from ovation.chaos.taps import TimedTaps
from ovation.chaos.trial import Trial
from ovation.chaos.watch import Watch
from ovation.client.errors import CallError
from ovation.client.gateway import GatewayClient
from ovation.errors import OvationError

_AGAIN_S = 0.1
_EXAMPLES = 20


async def attempt(
    addresses: Addresses, urls: Sequence[str], machine: Machine, schedule: Schedule, patience_s: float
) -> Trial:
    """Run a schedule on the stack behind `urls`, heal the stack, and return what came of it.

    Screens may take `patience_s` after the last answer to show everything, and history as long after them.
    """
    began = time.monotonic()
    await asyncio.to_thread(machine.begin)
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
        watch, doing, judgement = Watch(crowd, machine), Doing(schedule, machine, crowd), Judgement()
        dashboard = Dashboard(machine.redis_url, crowd.stages)
        try:
            await _run(crowd, doing.run(), watch.run(), dashboard.run())
            await judgement.judge(addresses, client, crowd, schedule, doing.kills_s, doing.emptied_s, patience_s)
        except (CallError, OvationError, TimeoutError) as failure:
            judgement.failed = f"{type(failure).__name__}: {failure}"
        finally:
            await doing.finish()
            await asyncio.to_thread(machine.heal)
            ended = await asyncio.to_thread(machine.ended_by_themselves)
    done = judgement.report
    return Trial(
        seed=schedule.seed,
        schedule=str(schedule),
        faults=[event.fault.name for event in schedule.events],
        broken=_first([str(each) for each in judgement.broken([*crowd.stepped, *dashboard.stepped])]),
        failed=judgement.failed,
        seconds=round(time.monotonic() - began, 1),
        taps=done.taps.acknowledged if done else 0,
        votes=done.votes.acknowledged if done else 0,
        in_doubt=in_doubt(crowd),
        lost=lost(crowd),
        maybe_twice=maybe_twice(crowd),
        given_up=done.failed if done else 0,
        stood_still_s=round(watch.stood_still_s, 2),
        again_s=doing.again_s,
        right_again_s=doing.right_again_s,
        settled_s=done.settled_s if done else None,
        memory_mb=watch.memory_mb,
        ended=ended,
    )


def _first(found: list[str]) -> list[str]:
    """Return as many as a person reads, and how many more there are."""
    return found if len(found) <= _EXAMPLES else [*found[:_EXAMPLES], f"and {len(found) - _EXAMPLES} more"]


async def _run(crowd: Crowd, doing: Coroutine[Any, Any, None], *watching: Coroutine[Any, Any, None]) -> None:
    happening, *looking = map(asyncio.create_task, (doing, *watching))
    try:
        await crowd.run()
        await happening
    finally:
        for task in (happening, *looking):
            # The Redis client may swallow a cancellation (gateway/tasks.py says how).
            while not task.done():
                task.cancel()
                await asyncio.wait([task], timeout=_AGAIN_S)
            if not task.cancelled():
                task.result()
