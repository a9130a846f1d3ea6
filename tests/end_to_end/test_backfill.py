"""History that is gone comes back from Kafka, number by number, while the live jobs go on."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import clickhouse_connect
from typer.testing import CliRunner

from contracts import tables
from ovation.addresses import Addresses
from ovation.cli import app
from ovation.flink_api import Flink
from tests.end_to_end import load, other_region, restarts
from tests.jobs.votes import voter

PLAN = replace(load.CROWD, streams=2, viewers=20, taps_per_s=300, seconds=6, voters=300, vote_seconds=5, screens=1)
ROWS = (
    tables.REACTION_WINDOWS,
    tables.REACTION_MINUTES,
    tables.REACTION_HOURS,
    tables.VIDEO_WINDOWS,
    tables.REACTOR_SAMPLES,
    tables.BALLOTS,
)
OURS = "WHERE startsWith(stream_id, 'backfill-')"

Rows = dict[str, list[Any]]


def history(client: Any) -> Rows:
    """Return all rows of our streams, as they are read."""
    return {name: client.query(f"SELECT * FROM ovation.{name} FINAL {OURS} ORDER BY ALL").result_rows for name in ROWS}


async def at_rest(look: Callable[[], Rows]) -> Rows:
    """Return the rows once they have not changed for three seconds, in which history writes three times."""
    rows = await asyncio.to_thread(look)
    since = time.monotonic()
    async with asyncio.timeout(60):
        while time.monotonic() - since < 3:
            await asyncio.sleep(0.2)
            newer = await asyncio.to_thread(look)
            if newer != rows:
                rows, since = newer, time.monotonic()
    return rows


async def test_deleted_history_is_counted_again_from_kafka(addresses: Addresses, flink: Flink) -> None:
    done = await load.run(addresses, "backfill", PLAN)
    assert done.votes.voters == PLAN.voters
    before = await restarts.now(flink)
    with closing(clickhouse_connect.get_client(dsn=addresses.clickhouse_url, autogenerate_session_id=False)) as client:
        rows = await at_rest(lambda: history(client))
        assert len(rows[tables.REACTION_WINDOWS]) > 20 and len(rows[tables.BALLOTS]) == PLAN.voters
        for name in ROWS:
            client.command(f"ALTER TABLE ovation.{name} DELETE {OURS}", settings={"mutations_sync": 2})
        assert not any(history(client).values())

        # As a mirror brings it, and the live jobs of this stack do not read it.
        other_region.write(addresses, "from-us", 1)
        now = dt.datetime.now(dt.UTC)
        words = ["backfill", "--from", str(now - dt.timedelta(minutes=20)), "--to", str(now)]
        env = {"COLUMNS": "200", **addresses.environment(), "OVATION_REGIONS": other_region.REGIONS}
        answer = await asyncio.to_thread(lambda: CliRunner().invoke(app, words, env=env))
        print(answer.output)
        assert answer.exit_code == 0, answer.output
        assert "ClickHouse holds less" not in answer.output
        assert history(client) == rows
        of_another = "FROM ovation.{} WHERE stream_id = 'from-us'"
        taps = client.query(f"SELECT emoji, region, reactions {of_another.format('reactions')}").result_rows
        ballots = client.query(f"SELECT voter, attempts {of_another.format('votes')}").result_rows
        assert taps == [(other_region.EMOJI, other_region.NAME, other_region.TAPS)]
        assert ballots == [(voter(1), 1)]
    assert await restarts.now(flink) == before
