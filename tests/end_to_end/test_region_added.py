"""A region joins while jobs run: from their state they go on, and read its log from the beginning."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import clickhouse_connect
import pytest
import redis

from contracts import redis_keys
from ovation.addresses import Addresses
from ovation.submit import stop_all, submit
from tests.end_to_end import load, other_region
from tests.jobs.votes import voter

SOON_S = 60.0
STREAM, VOTER = "of-a-region-that-joins", 7


@pytest.fixture
def live(addresses: Addresses) -> Iterator[Any]:
    with redis.Redis.from_url(addresses.redis_url.get_secret_value(), decode_responses=True) as live:
        yield live


@pytest.fixture
def history(addresses: Addresses) -> Iterator[Any]:
    with closing(clickhouse_connect.get_client(dsn=addresses.clickhouse_url, autogenerate_session_id=False)) as client:
        yield client


def until(look: Callable[[], object], wanted: object) -> None:
    deadline = time.monotonic() + SOON_S
    while (found := look()) != wanted:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


@pytest.mark.slow
async def test_what_a_new_region_wrote_before_and_after_counts_once(
    addresses: Addresses, live: Any, history: Any
) -> None:
    longer = addresses.model_copy(update={"regions": other_region.REGIONS})

    def taps() -> tuple[int, list[tuple[str, int]]]:
        shown = live.hget(redis_keys.reactions(STREAM), other_region.EMOJI)
        query = f"SELECT region, sum(reactions) FROM ovation.reactions WHERE stream_id = '{STREAM}' GROUP BY region"
        return int(shown or 0), history.query(query).result_rows

    def ballots() -> list[tuple[str, int]]:
        query = f"SELECT voter, attempts FROM ovation.votes WHERE stream_id = '{STREAM}'"
        return list(history.query(query).result_rows)

    def join() -> list[str]:
        said: list[str] = []
        stop_all(addresses)
        submit(longer, report=said.append)
        return said

    other_region.write(addresses, STREAM, VOTER)
    try:
        said = await asyncio.to_thread(join)
        assert all("runs, from file:" in line for line in said), said
        once = other_region.TAPS
        await asyncio.to_thread(until, taps, (once, [(other_region.NAME, once)]))
        await asyncio.to_thread(until, ballots, [(voter(VOTER), 1)])

        other_region.write(addresses, STREAM, VOTER)
        await asyncio.to_thread(until, taps, (2 * once, [(other_region.NAME, 2 * once)]))
        # What this region's own gateways take counts as before.
        done = await load.run(addresses, "beside", load.UNTIL_DONE)
        assert done.votes.acknowledged == load.VOTES_UNTIL_DONE
        assert taps() == (2 * once, [(other_region.NAME, 2 * once)])
        assert [each for each, _ in ballots()] == [voter(VOTER)]
    finally:
        await asyncio.to_thread(stop_all, longer)
        await asyncio.to_thread(submit, addresses)
