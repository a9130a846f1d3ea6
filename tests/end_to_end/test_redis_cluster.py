"""`ovation up --small --redis-masters 3`: every stream is on one of three masters, and one of them comes back empty.

It is a stack beside the one of all other tests, in the small size: `make redis-cluster` runs it.
"""

import asyncio
import shutil
from collections.abc import Iterator

import pytest

from contracts import redis_keys
from contracts.redis_cluster.sync import connect, shards
from contracts.redis_cluster.sync_cluster import ClusterRedis
from local import redis
from local.parts import PROCESSES, processes_of
from local.settings import read_settings
from local.stack import Stack
from ovation.audience.crowd import Crowd
from ovation.audience.plan import Plan
from ovation.bring_up import bring_up
from ovation.chaos.machine import Machine
from ovation.chaos.redis_numbers import numbers, right_again
from ovation.embedded import addresses_of
from ovation.take_down import take_down
from tests.end_to_end import load

pytestmark = pytest.mark.alone

CROWD = Plan(streams=6, viewers=60, taps_per_s=300, seconds=None, voters=300, vote_seconds=8, screens=2)
AWAY_S = 2.0
RIGHT_AGAIN_S = 30.0
"""Several times what it takes: a master that comes back takes no commands for its first two seconds."""


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = read_settings(tmp_path_factory.mktemp("three"), ephemeral_ports=True, small=True, redis_masters=3)
    stack = Stack(settings.model_copy(update={"memory_mb": 0}))
    try:
        bring_up(stack, processes_of(PROCESSES), jobs=True)
        yield stack
    finally:
        take_down(stack)


async def test_all_is_exact_though_a_master_is_killed_and_comes_back_empty(three: Stack) -> None:
    machine = Machine(three)
    streams = [f"three-{number}" for number in range(CROWD.streams)]
    with connect(three.settings.redis_url, timeout_s=5) as client:
        assert isinstance(client, ClusterRedis)
        slots = client.masters.ask()
        [victim, *others] = [slots.of(redis_keys.live(each)) for each in streams]
        assert len({victim, *others}) == 3, "the streams are on all masters"
        assert {shard.address for shard in shards(client)} == {victim, *others}
    assert victim is not None
    name = redis.MASTERS[three.settings.redis_ports.index(victim[1])]

    async def lose_one(crowd: Crowd) -> None:
        await load.tapped_for(crowd, 3)
        await asyncio.to_thread(machine.take_away, name)
        shutil.rmtree(three.settings.data_dir / "redis-cluster-of-3" / name / "appendonlydir")
        await asyncio.sleep(AWAY_S)
        await asyncio.to_thread(machine.bring_back, name)
        print(f"\nscreens moved again {await load.screens_move_again(crowd):.1f} s after an empty master had come back")

    done = await load.run(addresses_of(three.settings), "three", CROWD, lose_one)
    assert done.votes.voters == CROWD.voters
    # Nobody taps or votes any more: what a master lacks now, only the history can give.
    before = await asyncio.to_thread(numbers, three.settings.redis_url)
    assert len(before) == 2 * CROWD.streams
    await asyncio.to_thread(machine.take_away, name)
    shutil.rmtree(three.settings.data_dir / "redis-cluster-of-3" / name / "appendonlydir")
    await asyncio.to_thread(machine.bring_back, name)
    async with asyncio.timeout(RIGHT_AGAIN_S):
        print(f"all of it was right again after {await right_again(three.settings.redis_url, before):.1f} s")
