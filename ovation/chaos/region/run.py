"""Two regions, and one run after the other on them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvloop

from ovation.chaos.region.attempt import attempt
from ovation.chaos.region.trial import RegionTrial
from ovation.chaos.region.world import World, two_regions
from ovation.terminal import out


def run(seeds: Sequence[int], record: Path | None) -> list[RegionTrial]:
    """Run each seed, print what came of it, and append it to `record`. Raises CallError or OvationError."""
    trials = []
    with two_regions() as world:
        for seed in seeds:
            trial = _tried(world, seed)
            trials.append(trial)
            out.print(trial.line, markup=False)
            if trial.broken:
                _keep_logs(world)
            if record is not None:
                with record.open("ab") as file:
                    file.write(msgspec.json.encode(trial) + b"\n")
    out.print(_summary(trials), markup=False)
    return trials


def _tried(world: World, seed: int) -> RegionTrial:
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(attempt(world, seed))
    except Exception:
        _keep_logs(world)
        raise


def _keep_logs(world: World) -> None:
    out.print(f"What the processes of both regions said is kept in {world.keep_logs()}.", markup=False)


def _summary(trials: Sequence[RegionTrial]) -> str:
    broken = [str(trial.seed) for trial in trials if trial.broken]
    live_again_s = max(trial.live_again_s for trial in trials)
    votes, taps = (max(getattr(trial, name) for trial in trials) for name in ("unseen_votes", "unseen_taps"))
    head = (
        f"{len(trials)} runs, {sum(trial.votes for trial in trials):,} votes. At most it took {live_again_s:.1f} s "
        f"until viewers of the lost region were live again; {votes} votes and {taps} taps were unseen until its return"
    )
    return f"{head}. Every promise held." if not broken else f"{head}. Broken: seeds {', '.join(broken)}."
