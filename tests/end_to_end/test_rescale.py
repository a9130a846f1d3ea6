"""Three TaskManagers under the adaptive scheduler: one goes, one comes, and savepoints move jobs, under a crowd.

While there are fewer slots than deployments want Flink runs one at a lower parallelism, and at its own again once
there are enough. It is a stack beside the one of all other tests: `make rescale` runs it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from local import flink as parts
from local.parts import PROCESSES, processes_of
from local.settings import read_settings
from local.stack import Stack
from ovation.audience.crowd import Crowd
from ovation.bring_up import bring_up
from ovation.deployments import DEPLOYMENTS
from ovation.embedded import addresses_of
from ovation.flink_api import Flink, NoAnswerError
from ovation.submit import stop_all, submit
from ovation.take_down import take_down
from tests.end_to_end import load

pytestmark = pytest.mark.alone

ALL = 3
"""TaskManagers, and subtasks of each deployment for the screens. Those for the history have one: two cores are few."""
SLOTS = 3
"""Of each TaskManager. Jobs take slots as they come, not in fair shares: two TaskManagers must have enough for all
deployments but one at their full parallelism and one subtask of that one, or it gets none."""
LIVE = tuple(deployment for deployment in DEPLOYMENTS if deployment.sink == "redis")
HISTORY = tuple(deployment for deployment in DEPLOYMENTS if deployment not in LIVE)
WITHIN_S = 240
ADAPTIVE = {
    "jobmanager.scheduler": "adaptive",
    "taskmanager.numberOfTaskSlots": str(SLOTS),
    # How long a job waits, once it is to change, for more slots than it needs to run at all.
    "jobmanager.adaptive-scheduler.submission.resource-stabilization-timeout": "2s",
    "jobmanager.adaptive-scheduler.executing.resource-stabilization-timeout": "2s",
    "jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling": "5s",
}
CROWD = replace(load.UNTIL_DONE, vote_seconds=60)


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    settings = read_settings(tmp_path / "rescale", ephemeral_ports=True)
    stack = Stack(settings.model_copy(update={"flink_taskmanagers": ALL, "flink_options": ADAPTIVE}))
    try:
        await asyncio.to_thread(bring_up, stack, processes_of(PROCESSES), False)
        await asyncio.to_thread(submit, addresses_of(settings), deployments=LIVE, parallelism=ALL)
        await asyncio.to_thread(submit, addresses_of(settings), deployments=HISTORY, parallelism=1)
        yield stack
    finally:
        await asyncio.to_thread(take_down, stack)


def parallelism(flink: Flink) -> dict[str, int]:
    """Return at how many subtasks each deployment runs that runs with all of its tasks; none of others."""
    found = {}
    for name, job in flink.alive().items():
        if flink.task_states(job) == {"RUNNING"}:
            found[name] = max(vertex["parallelism"] for vertex in flink.detail(job)["vertices"])
    return found


async def seconds_until(flink: Flink, suits: Callable[[list[int]], bool]) -> float:
    """Return the seconds until every deployment runs, those for the screens at parallelisms that suit."""
    began = time.monotonic()
    seen: dict[str, int] = {}
    while time.monotonic() < began + WITHIN_S:
        try:
            seen = await asyncio.to_thread(parallelism, flink)
        except NoAnswerError:
            seen = {}
        if len(seen) == len(DEPLOYMENTS) and suits([seen[deployment.name] for deployment in LIVE]):
            return time.monotonic() - began
        await asyncio.sleep(0.2)
    raise AssertionError(f"the deployments run at {seen}")


async def test_jobs_follow_the_taskmanagers_that_there_are_and_count_exactly(stack: Stack) -> None:
    addresses = addresses_of(stack.settings)
    flink = Flink(addresses.flink_url)
    goes = parts.taskmanagers(stack.settings)[0]
    took: dict[str, float] = {}

    async def rescale(to: int) -> None:
        await asyncio.to_thread(stop_all, addresses, deployments=LIVE)
        await asyncio.to_thread(submit, addresses, deployments=LIVE, parallelism=to)
        await seconds_until(flink, lambda found: set(found) == {to})

    async def meanwhile(crowd: Crowd) -> None:
        await load.tapped_for(crowd, 5)
        await asyncio.to_thread(stack.supervisor.stop, goes)
        took["one gone, fewer subtasks"] = await seconds_until(
            flink, lambda found: sum(found) <= (ALL - 1) * SLOTS - len(HISTORY)
        )
        took["screens after that"] = await load.screens_move_again(crowd)
        await load.tapped_for(crowd, 5)
        await asyncio.to_thread(stack.supervisor.start, goes)
        took["back, all subtasks"] = await seconds_until(flink, lambda found: set(found) == {ALL})
        took["screens after that too"] = await load.screens_move_again(crowd)
        for to in (1, ALL):
            began = time.monotonic()
            await rescale(to)
            took[f"by savepoint to {to}"] = time.monotonic() - began
            await load.screens_move_again(crowd)

    await seconds_until(flink, lambda found: set(found) == {ALL})
    done = await load.run(addresses, "rescale", CROWD, meanwhile)
    print("; ".join(f"{what}: {seconds:.1f} s" for what, seconds in took.items()))
    assert done.taps.acknowledged == done.taps.sent
    assert done.votes.acknowledged == done.votes.sent == load.VOTES_UNTIL_DONE
