"""`ovation chaos`: breaks a stack of its own by seeded schedules, and holds its promises against what came of it."""

from pathlib import Path
from typing import Annotated

import typer

from ovation.commands.up import Small


def chaos(
    seed: Annotated[int, typer.Option(help="Seed of the first schedule; the others follow it.")] = 1,
    schedules: Annotated[int, typer.Option(min=1, help="How many schedules to run.")] = 10,
    only: Annotated[
        str | None, typer.Option(metavar="FAULT,FAULT", help="Draw from these faults alone; --list names them.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=6, help="Faults of one schedule at most.")] = 3,
    long: Annotated[bool, typer.Option("--long", help="Draw from the faults that last for minutes.")] = False,
    patience: Annotated[
        float, typer.Option(min=1, help="Seconds that screens, and history after them, may take to be right.")
    ] = 90,
    record: Annotated[
        Path | None, typer.Option(help="Append what came of each schedule to this file, a JSON object a line.")
    ] = None,
    lose_region: Annotated[
        bool,
        typer.Option(
            "--lose-region",
            help="Start two regions instead, and lose one of them in the middle of a poll, once for each seed.",
        ),
    ] = False,
    small: Small = False,
    show: Annotated[bool, typer.Option("--list", help="Show faults and schedules, and break nothing.")] = False,
) -> None:
    """Start a stack of its own, break it by schedules that seeds decide, and check after each what must always hold:
    no acknowledged vote is lost, none counts twice, screens never go back, live and history agree with the ledger.

    A seed does the same again. The exit code is 1 when a promise was broken; the seed is printed then.

    Example: ovation chaos --seed 7 --schedules 1 --record trials.jsonl
    """
    from local.flink import taskmanagers
    from local.settings import read_settings
    from ovation.chaos.faults import FAULTS, LONG, happening_to
    from ovation.chaos.plan import draw
    from ovation.chaos.run import run
    from ovation.chaos.view import listing
    from ovation.errors import OvationError
    from ovation.terminal import failures, out

    if lose_region:
        _lose_regions(range(seed, seed + schedules), record)
        return
    with failures(OvationError):
        there = taskmanagers(read_settings(small=small))
    known = happening_to(LONG if long else FAULTS, there)
    names = only.split(",") if only else list(known)
    every = happening_to(FAULTS | LONG, there)
    if unknown := [name for name in names if name not in every]:
        raise typer.BadParameter(f"{unknown[0]!r} is no fault; `ovation chaos --list` names them.")
    faults = {name: every[name] for name in names}
    plans = [draw(number, faults, most) for number in range(seed, seed + schedules)]
    if show:
        out.print(listing(faults, plans))
        return
    with failures(OvationError):
        trials = run(plans, record, patience, small)
    if not all(trial.good for trial in trials):
        raise typer.Exit(1)


def _lose_regions(seeds: range, record: Path | None) -> None:
    from ovation.chaos.region.run import run
    from ovation.client import CallError
    from ovation.errors import OvationError
    from ovation.terminal import failures

    with failures(OvationError, CallError):
        trials = run(seeds, record)
    if any(trial.broken for trial in trials):
        raise typer.Exit(1)
