"""One round of the reaction job and of those that count the same: records for a second of processor time."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.batch import counted
from bench.batch.agreement import history_digest, live_digest
from bench.batch.cluster import Cluster
from bench.batch.run import Run, RunError, run
from bench.batch.taps import Evening
from contracts.topics import REACTIONS
from local.paths import CHECKOUT
from ovation.deployments import choose

Loop = Literal["nothing", "windows", "redis", "both"]
"""What the loop does with what it reads, as `bench.batch.loop` says."""
LOOPS: tuple[Loop, ...] = ("nothing", "windows", "redis", "both")


@dataclass(frozen=True, slots=True)
class Round:
    """The two deployments, and by name how many records the others counted for a second of processor time."""

    records: int
    taps: int
    live: Run
    history: Run
    loops: dict[Loop, float]

    @property
    def live_per_core(self) -> float:
        """Records for a second of processor time in the deployment for screens."""
        return 1 / self.seconds_of(self.live, "all")

    @property
    def both_per_core(self) -> float:
        """Records for a second of processor time in both deployments together."""
        return 1 / (self.seconds_of(self.live, "all") + self.seconds_of(self.history, "all"))

    def seconds_of(self, deployment: Run, part: str) -> float:
        """Return the processor time of a record in a part of a deployment, as `Usage` names it."""
        # A few thousand records may be counted before the first look, in less than the system can measure.
        counted = self.records * max(deployment.counted, 1) / self.taps
        return float(getattr(deployment.used.measurable(), part)) / counted


def one_round(of: Cluster, evening: Evening, live_batch_ms: int, warm: float, profiles: Path | None = None) -> Round:
    """Let everybody count the whole evening, one after the other.

    A deployment's clocks run once it has counted the part `warm` of it: until then it starts, and is compiled.

    Raises RunError when somebody does not come to the same numbers.
    """
    env = {"OVATION_LIVE_BATCH_MS": str(live_batch_ms)}
    names = evening.names()

    def deployment(sink: str) -> Run:
        of.empty_stores()
        chosen = choose(f"reaction_window-{sink}")[0]
        profile = profiles / f"{chosen.slug}.jfr" if profiles else None
        store = (
            counted.in_redis(of.settings, names)
            if sink == "redis"
            else counted.in_clickhouse(of.settings, evening.taps())
        )
        with store as progress:
            before = round(warm * evening.taps())
            return run(of, chosen, progress, evening.taps(), warm=before, env=env, profile=profile)

    live = deployment("redis")
    shown = live_digest(of.settings, names)
    history = deployment("clickhouse")
    kept = history_digest(of.settings)
    loops: dict[Loop, float] = {}
    for writes in LOOPS:
        of.empty_stores()
        loops[writes] = _loop(of, evening.records, writes, env)
        if writes in {"redis", "both"} and live_digest(of.settings, names) != shown:
            raise RunError("Loop and job do not show the same numbers")
    if history_digest(of.settings) != kept:
        raise RunError("Loop and job do not keep the same numbers")
    return Round(evening.records, evening.taps(), live, history, loops)


def _loop(of: Cluster, records: int, writes: Loop, env: dict[str, str]) -> float:
    command = [sys.executable, "-m", "bench.batch.loop", "--topic", REACTIONS.name, "--writes", writes]
    done = subprocess.run(  # noqa: S603
        [*command, "--records", str(records)],
        env={**os.environ, **of.addresses.environment(), **env},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RunError(f"The loop failed: {done.stderr.strip()[-500:]}")
    return records / float(json.loads(done.stdout)["cpu_s"])
