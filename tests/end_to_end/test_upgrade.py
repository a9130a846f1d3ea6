"""The jobs are upgraded and rolled back by `ovation submit` of checkouts that differ, while a crowd taps and votes."""

import asyncio
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis

from ovation.addresses import Addresses
from ovation.audience.crowd import Crowd
from ovation.deployments import DEPLOYMENTS
from ovation.flink_api import Flink
from ovation.flink_waits import wait_until_running
from tests.end_to_end import load, versions
from tests.end_to_end.versions import Change, Version

PLAN = replace(load.UNTIL_DONE, vote_seconds=40)

MARK = "ovation:written-by-the-next-version"
LONGER_MS = 10
NEXT: tuple[Change, ...] = (
    # Another batch, in every deployment.
    ("jobs/environment.py", 'f"{pace.batch_ms} ms"', f'f"{{pace.batch_ms + {LONGER_MS}}} ms"'),
    # Something more is written.
    (
        "jobs/sinks/redis_client.py",
        "        pipeline.execute()\n",
        f'        pipeline.incrby("{MARK}", len(calls))\n        pipeline.execute()\n',
    ),
)
"""A version whose queries are the same: it fits the state."""

BALLOTS = "jobs/ballots.py"
ANOTHER_QUERY: tuple[Change, ...] = (
    (BALLOTS, "    tally.received AS received,", "    tally.received + 0 * seen AS received,"),
    (BALLOTS, "received_in) AS tally\n", "received_in) AS tally, SUM(received) AS seen\n"),
)
"""A version that keeps one more sum for each tally: it does not fit."""

LIVE = tuple(deployment for deployment in DEPLOYMENTS if deployment.sink == "redis")
"""Those whose standing still somebody sees. What is done to them is done alike to the others."""
ONLY = ("--only", ",".join(deployment.slug for deployment in LIVE))
CHANGED = next(deployment for deployment in LIVE if deployment.slug == "poll_dedup-redis")
"""The deployment with the other query."""


def batches(flink: Flink) -> dict[str, set[int]]:
    """Return the milliseconds for which rows gather in each deployment: what Flink runs, not what was submitted."""

    def of(job_id: str) -> set[int]:
        plan = html.unescape(json.dumps(flink._get(f"/jobs/{job_id}/plan")))
        return set(map(int, re.findall(r"MiniBatchAssigner\(interval=\[(\d+)ms\]", plan)))

    names = {deployment.name for deployment in LIVE}
    return {name: of(job.job_id) for name, job in flink.alive().items() if name in names}


def savepoints(output: str) -> dict[str, str]:
    """Return the savepoints that an `ovation submit` printed, by deployment."""
    return dict(re.findall(r"^(.+): stopped, savepoint at (\S+)$", output, re.MULTILINE))


def started_from(output: str) -> dict[str, str]:
    """Return from what it started each deployment."""
    return dict(re.findall(r"^(.+): runs, from (\S+)$", output, re.MULTILINE))


def same(some: dict[str, str], others: dict[str, str]) -> bool:
    """Return whether the same folders are meant: Flink writes `file:/`, where others write `file:///`."""

    def folders(of: dict[str, str]) -> dict[str, str]:
        return {name: path.removeprefix("file:").lstrip("/") for name, path in of.items()}

    return folders(some) == folders(others)


@pytest.fixture
def live(addresses: Addresses) -> Any:
    with redis.Redis.from_url(addresses.redis_url.get_secret_value()) as live:
        yield live


async def submitted(version: Version, *options: str) -> str:
    """Submit, and return what an operator reads."""
    done = await asyncio.to_thread(version.submit, *options)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.slow
async def test_an_upgrade_and_the_way_back_lose_and_double_nothing(
    addresses: Addresses, flink: Flink, live: Any, tmp_path: Path
) -> None:
    before = versions.this_one(addresses)
    after = versions.another(tmp_path / "next", addresses, NEXT)
    another = versions.another(tmp_path / "another", addresses, ANOTHER_QUERY)
    for deployment in LIVE:
        wait_until_running(flink, deployment.name)
    ours = batches(flink)

    async def meanwhile(crowd: Crowd) -> None:
        await load.tapped_for(crowd, 2)
        said = await submitted(after, "--replace", *ONLY)
        old = savepoints(said)
        assert old.keys() == ours.keys() and same(old, started_from(said))
        assert batches(flink) == {name: {ms + LONGER_MS for ms in each} for name, each in ours.items()}
        await load.screens_move_again(crowd)
        assert int(live.get(MARK)) > 0

        # The query of the next one is another: it is refused, and what ran stays stopped behind its savepoint.
        refused = await asyncio.to_thread(another.submit, "--replace", "--only", CHANGED.slug)
        assert refused.returncode == 1, refused.stdout + refused.stderr
        assert savepoints(refused.stdout).keys() == {CHANGED.name}
        assert f"{CHANGED.name} cannot go on from this state" in refused.stderr
        assert "`ovation submit --from none`" in refused.stderr
        assert CHANGED.name not in flink.alive(), "Flink would try again for ever"
        # Without the state it counts again what Kafka has, and nobody sees that.
        await submitted(another, "--only", CHANGED.slug, "--from", "none")
        await load.screens_move_again(crowd)

        # Back: the one from what the version before had kept, the others from what the next version keeps.
        new = savepoints(await submitted(before, "--stop", *ONLY))
        assert new.keys() == ours.keys()
        said = await submitted(before, "--only", CHANGED.slug, "--from", old[CHANGED.name])
        assert same(started_from(said), {CHANGED.name: old[CHANGED.name]})
        live.delete(MARK)
        said = await submitted(before, *ONLY)
        assert same(started_from(said), {name: path for name, path in new.items() if name != CHANGED.name})
        assert batches(flink) == ours
        await load.screens_move_again(crowd)
        assert live.get(MARK) is None

    done = await load.run(addresses, "upgrade", PLAN, meanwhile)
    assert done.taps.acknowledged == done.taps.sent
    assert done.votes.acknowledged == load.VOTES_UNTIL_DONE
