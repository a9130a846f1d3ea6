from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from contracts import redis_keys
from contracts.redis_cluster.aio import connect, shards
from local import redis as server
from local.running import running
from local.settings import read_settings
from ovation.audience.latencies import Latencies
from ovation.audience.ledger import Ballots, Stream
from ovation.audience.stage import Stage
from ovation.audience.tap_to_screen import TapToScreen
from ovation.chaos.dashboard import Dashboard
from tests.redis_cluster import three_masters

BALLOTS = Ballots(["1", "2"])
STAGE = Stage("s", "p", ("1",), ("🔥",), "token", Stream(polls={"p": BALLOTS}), TapToScreen(0, Latencies()), [])
TOTALS = redis_keys.reactions("s")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = read_settings(tmp_path_factory.mktemp("redis"), ephemeral_ports=True)
    with running(server.part(settings), settings):
        yield settings.redis_url


@pytest.fixture
async def store(url: str) -> AsyncIterator["Redis"]:
    async with Redis.from_url(url, decode_responses=True) as store:
        await store.flushall()
        await store.set(redis_keys.FILLED, "1")
        yield store


async def show(store: "Redis", taps: int) -> None:
    await store.hset(TOTALS, "🔥", str(taps))  # type: ignore[misc]


async def test_a_number_that_goes_back_is_noted(url: str, store: "Redis") -> None:
    dashboard = Dashboard(url, [STAGE])
    for taps in (6, 7, 7, 6):
        await show(store, taps)
        await dashboard.look(store)
    assert dashboard.stepped == [f"{TOTALS} 🔥 from 7 to 6 in Redis"]


@pytest.mark.parametrize(
    ("then", "said"),
    [({"option:1": 1, "option:2": 2}, "option 1 lost 1 to others"), ({"option:1": 1, "option:2": 1}, "from 2 to 1")],
)
async def test_a_vote_that_an_option_loses_is_noted(url: str, store: "Redis", then: dict[str, int], said: str) -> None:
    dashboard = Dashboard(url, [STAGE])
    for votes in ({"option:1": 2, "option:2": 1}, then):
        await store.hset(redis_keys.poll("s", "p"), mapping=votes)  # type: ignore[misc]
        await dashboard.look(store)
    [noted] = dashboard.stepped
    assert said in noted


async def test_nothing_is_held_against_what_an_emptied_redis_said_before(url: str, store: "Redis") -> None:
    dashboard = Dashboard(url, [STAGE])
    await show(store, 7)
    await dashboard.look(store)
    await store.flushall()
    await dashboard.look(store)
    await store.set(redis_keys.FILLED, "1")
    await show(store, 6)
    await dashboard.look(store)
    assert not dashboard.stepped


async def test_each_master_of_a_cluster_has_its_own_mark(tmp_path: Path) -> None:
    stages = [replace(STAGE, stream_id=f"s-{number}") for number in range(6)]
    totals = [redis_keys.reactions(each.stream_id) for each in stages]
    with three_masters(tmp_path) as cluster:
        async with connect(cluster.url, timeout_s=2, decode_responses=True) as store:
            for shard in await shards(store):
                await store.set(shard.own_key(redis_keys.FILLED), "1")
            dashboard = Dashboard(cluster.url, stages)
            for taps in (7, 6):
                for key in totals:
                    await store.hset(key, "🔥", str(taps))  # type: ignore[misc]
                await dashboard.look(store)
                emptied = next(each for each in await shards(store) if each.holds(totals[0]))
                await store.delete(emptied.own_key(redis_keys.FILLED))
    assert dashboard.stepped
    assert not any(emptied.holds(each.split(" ")[0]) for each in dashboard.stepped)
