"""ClickHouse slow, then killed and away: history is behind, and whole in the end; screens do not notice.

`make outage` lets it stay away for ten minutes.
"""

import asyncio
import os
from contextlib import closing
from dataclasses import replace

import clickhouse_connect
import pytest

from local.stack import Stack
from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.audience.latencies import Latencies, Summary
from ovation.flink_api import Flink
from tests.end_to_end import load, outages, restarts

OUTAGE_S = int(os.environ.get("OUTAGE_SECONDS", "6"))
SLOW_S = 4
QUIET_S = 3
CATCH_UP_S = 60 + OUTAGE_S / 2
HALF_SEE_MS = 300
MOST_SEE_MS = 1_500
"""Far above what a quiet machine takes, far below what a screen would wait for a store that is away."""

SECONDS = QUIET_S + SLOW_S + OUTAGE_S + 2
PLAN = replace(
    load.CROWD, streams=4, viewers=60, taps_per_s=400, seconds=SECONDS, voters=20 * SECONDS, vote_seconds=SECONDS - 1
)
SUMS = ("reactions", "reactions_by_minute", "reactions_by_hour")


@pytest.mark.timeout(300 + 2 * OUTAGE_S)
async def test_screens_do_not_notice_and_history_is_whole_in_the_end(
    stack: Stack, addresses: Addresses, flink: Flink
) -> None:
    before = await restarts.now(flink)
    seen: dict[str, Summary] = {}

    def note(phase: str, latencies: Latencies, earlier: Latencies) -> Latencies:
        seen[phase] = latencies.since(earlier).summary()
        return latencies.copy()

    async def meanwhile(crowd: Crowd) -> None:
        latencies = crowd.figures.tap_to_screen
        await load.tapped_for(crowd, QUIET_S)
        mark = note("quiet", latencies, Latencies())
        async with outages.slow(stack):
            await asyncio.sleep(SLOW_S)
        mark = note("slow", latencies, mark)
        outages.kill(stack)
        try:
            await asyncio.sleep(OUTAGE_S)
            mark = note("away", latencies, mark)
            behind = await outages.lag(addresses.gateway_url)
            assert all(OUTAGE_S - 2 < each < SLOW_S + OUTAGE_S + 30 for each in behind.values()), behind
        finally:
            await asyncio.to_thread(stack.start, outages.ENGINE)
        fallen = min(10, *(each / 2 for each in behind.values()))
        caught_up_s = await outages.lag_until(addresses.gateway_url, lambda lag: lag < fallen, CATCH_UP_S)
        note("back", latencies, mark)
        print(f"\naway for {OUTAGE_S} s: {behind} behind, caught up {caught_up_s:.1f} s after it was back")

    done = await load.run(addresses, "outage", PLAN, meanwhile)
    for phase, summary in seen.items():
        print(f"tap to screen, {phase:5}: {summary.line()}")
    for phase in ("slow", "away"):
        assert (seen[phase].p50 or 0) < HALF_SEE_MS and (seen[phase].p99 or 0) < MOST_SEE_MS, seen[phase]
    assert done.taps.acknowledged == done.taps.sent
    assert done.votes.voters == PLAN.voters
    with closing(clickhouse_connect.get_client(dsn=addresses.clickhouse_url, autogenerate_session_id=False)) as client:
        for view in SUMS:
            taps = client.command(f"SELECT sum(reactions) FROM ovation.{view} WHERE startsWith(stream_id, 'outage-')")
            assert int(taps) == done.taps.acknowledged, view
    assert await restarts.now(flink) == before, "a sink that waits spends no restart"
