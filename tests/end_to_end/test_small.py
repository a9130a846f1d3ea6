"""`ovation up --small`: 500 viewers tap and vote within its memory, and its one TaskManager dies meanwhile.

It is a stack beside the one of all other tests, and says how much memory a quiet machine needs: `make small` runs it.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path

import pytest

from local import flink, memory, processes
from local.parts import PROCESSES, processes_of
from local.settings import read_settings
from local.stack import Stack
from ovation.audience.crowd import Crowd
from ovation.audience.plan import Plan
from ovation.bring_up import bring_up
from ovation.embedded import addresses_of
from ovation.take_down import take_down
from tests.end_to_end import load
from tests.end_to_end.small_machine import SmallMachine, small_machine

pytestmark = pytest.mark.alone

MOST_MB = 1_500
"""Of all processes together, which leaves a quarter of a 2 GB machine to the system and its caches."""
STARTING_MB = 1_800
"""While jobs are submitted, each by a JVM and a Python that are gone afterwards."""
MACHINE_MB = 1_800
"""What a machine of 2 GB has for all of them, and for what the kernel keeps of files."""
SCREENS_MOVE_S = 60
"""No other TaskManager takes over: a JVM starts, then the jobs. Each run prints its figure."""

CROWD = Plan(streams=1, viewers=500, taps_per_s=500, seconds=None, voters=500, vote_seconds=25, screens=5)


@asynccontextmanager
async def watched(stack: Stack) -> AsyncIterator[list[int]]:
    """Yield looks at what all processes of the stack, and those who submit its jobs, take together."""
    looks: list[int] = []

    async def look() -> None:
        while True:
            beside = processes.descendants(os.getpid())
            looks.append(memory.used_mb(beside | processes.marked(stack.settings.data_dir)) or 0)
            await asyncio.sleep(0.5)

    looking = asyncio.create_task(look())
    try:
        yield looks
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


@pytest.fixture
def machine() -> Iterator[SmallMachine | None]:
    with small_machine(MACHINE_MB) as machine:
        yield machine


@pytest.fixture
def small(machine: SmallMachine | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack that is taken down before its machine goes."""
    # Other tests' JVMs have options of their own, which would stand in for those of this size.
    monkeypatch.delenv("OVATION_JAVA_OPTIONS", raising=False)
    stack = Stack(read_settings(tmp_path / "small", ephemeral_ports=True, small=True))
    yield stack
    take_down(stack)


async def test_500_viewers_fit_into_a_small_machine_and_are_counted_exactly_though_its_taskmanager_dies(
    small: Stack, machine: SmallMachine | None
) -> None:
    [name] = flink.taskmanagers(small.settings)
    moved: list[float] = []

    async def kill(crowd: Crowd) -> None:
        await load.tapped_for(crowd, 8)
        os.kill(small.supervisor.pids()[name], signal.SIGKILL)
        moved.append(await load.screens_move_again(crowd))

    with machine.inside() if machine else nullcontext():
        async with watched(small) as starting:
            await asyncio.to_thread(bring_up, small, processes_of(PROCESSES), True)
    before = small.supervisor.pids()[name]
    calm = memory.used_mb(processes.marked(small.settings.data_dir))
    async with watched(small) as crowded:
        done = await load.run(addresses_of(small.settings), "small", CROWD, kill)
    print(f"{max(starting)} MB at most while it started, {calm} MB calm, {max(crowded)} MB at most under the crowd")
    print(f"screens moved again after {moved[0]:.1f} s")
    if machine:
        print(f"{machine.most_mb} of {MACHINE_MB} MB at most, with files; ended for want of them: {machine.ended}")
    assert small.supervisor.pids()[name] != before
    assert done.taps.acknowledged == done.taps.sent
    assert done.votes.acknowledged == done.votes.sent == 600
    assert moved[0] < SCREENS_MOVE_S
    assert max(crowded) < MOST_MB
    assert max(starting) < STARTING_MB
    assert machine is None or machine.ended == 0
