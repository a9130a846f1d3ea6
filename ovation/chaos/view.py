"""Schedules and what came of them, for a person."""

from collections.abc import Mapping, Sequence

from rich.console import Group
from rich.table import Table

from ovation.chaos.faults import Fault
from ovation.chaos.plan import Schedule
from ovation.chaos.promises import PROMISES
from ovation.chaos.trial import Trial


def listing(faults: Mapping[str, Fault], plans: Sequence[Schedule]) -> Group:
    """Return the faults, and what the seeds draw from them."""
    kinds = Table("fault", "lasts", title="Faults")
    for fault in faults.values():
        kinds.add_row(fault.name, f"{fault.shortest_s:g} to {fault.longest_s:g} s" if fault.longest_s else "a moment")
    drawn = Table("seed", "what happens", title="Schedules")
    for plan in plans:
        drawn.add_row(str(plan.seed), str(plan))
    return Group(kinds, drawn)


def line(trial: Trial) -> str:
    """Return a trial in a line, and one more for each promise that it broke."""
    said = f"seed {trial.seed}: {trial.schedule}; {trial.taps} taps, {trial.votes} votes"
    said += f"; stood still {trial.stood_still_s:.1f} s"
    if trial.right_again_s is not None:
        said += f"; redis right again after {trial.right_again_s:.1f} s"
    if trial.given_up:
        said += f"; {trial.given_up} requests given up"
    if trial.in_doubt:
        said += f"; of {trial.in_doubt} taps in doubt {trial.lost} lost"
    if trial.maybe_twice:
        said += f"; {trial.maybe_twice} taps were sent again across the moment, and may count twice"
    if trial.ended:
        said += f"; ended by itself: {', '.join(trial.ended)}"
    if trial.good:
        return f"  kept    {said}"
    return "\n".join([f"  BROKEN  {said}", *(f"          {each}" for each in (*trial.broken, trial.failed) if each)])


def alone(trials: Sequence[Trial]) -> Table:
    """Return, for each fault that was alone in some schedule, for how long screens then stood still."""
    stood: dict[str, list[float]] = {}
    for trial in trials:
        if len(trial.faults) == 1:
            stood.setdefault(trial.faults[0], []).append(trial.stood_still_s)
    table = Table("fault, alone", "schedules", "screens stood still, least to most", title="Standing still")
    for name, seconds in sorted(stood.items()):
        table.add_row(name, str(len(seconds)), f"{min(seconds):.1f} to {max(seconds):.1f} s")
    return table


def memory(trials: Sequence[Trial]) -> Table:
    """Return how much memory each process had at its largest, in the schedules in which it had least and most."""
    used: dict[str, list[int]] = {}
    for trial in trials:
        for name, largest_mb in trial.memory_mb.items():
            used.setdefault(name, []).append(largest_mb)
    table = Table("process", "MiB at its largest, least to most", title="Memory")
    for name, largest in used.items():
        table.add_row(name, f"{min(largest)} to {max(largest)}")
    return table


def summary(trials: Sequence[Trial]) -> str:
    """Return all trials in a sentence."""
    bad = [trial for trial in trials if not trial.good]
    votes, taps = sum(trial.votes for trial in trials), sum(trial.taps for trial in trials)
    head = f"{len(trials)} schedules, {votes:,} votes and {taps:,} taps acknowledged"
    if not bad:
        return f"{head}: {' '.join(PROMISES)} held in all."
    return f"{head}: broken in {len(bad)}, seeds {', '.join(str(trial.seed) for trial in bad)}."
