"""ClickHouse slow, killed or away, and what a gateway says of the history meanwhile."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from local.stack import Stack

ENGINE = "clickhouse"
HELD_S, FREE_S = 0.8, 0.1
Lag = dict[str, float]


@asynccontextmanager
async def slow(stack: Stack) -> AsyncIterator[None]:
    """Hold the engine's process, and let it go on for a ninth of the time: an insert then takes seconds."""
    pid = stack.supervisor.pids()[ENGINE]

    async def hold() -> None:
        try:
            while True:
                os.kill(pid, signal.SIGSTOP)
                await asyncio.sleep(HELD_S)
                os.kill(pid, signal.SIGCONT)
                await asyncio.sleep(FREE_S)
        finally:
            os.kill(pid, signal.SIGCONT)

    holding = asyncio.create_task(hold())
    try:
        yield
    finally:
        holding.cancel()
        with suppress(asyncio.CancelledError):
            await holding


def kill(stack: Stack) -> None:
    """Kill the engine in the middle of whatever it does, and keep it away: its supervisor would start it again."""
    os.kill(stack.supervisor.pids()[ENGINE], signal.SIGKILL)
    stack.supervisor.stop(ENGINE)


async def lag(gateway_url: str) -> Lag:
    """Return the gateway's `ovation_history_lag_seconds`, by topic."""
    async with aiohttp.ClientSession() as session, session.get(f"{gateway_url}/metrics") as answer:
        text = await answer.text()
    return {
        sample.labels["topic"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "ovation_history_lag_seconds"
    }


async def lag_until(gateway_url: str, is_so: Callable[[float], bool], deadline_s: float) -> float:
    """Return after how many seconds the lag of both topics is as it should be."""
    began = time.monotonic()
    while True:
        seen = await lag(gateway_url)
        if len(seen) == 2 and all(map(is_so, seen.values())):
            return time.monotonic() - began
        assert time.monotonic() - began < deadline_s, seen
        await asyncio.sleep(0.2)
