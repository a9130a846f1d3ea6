"""From a tap to every screen, through the whole stack: `python -m bench.tap_to_screen --help`.

Viewers tap one stream, one tap a frame, at moments like a crowd's; screens of the same gateway watch it. The clock runs
from when a tap was due until a screen's socket has a message whose total includes it. In the end the totals in Redis
are held against the answers.
"""

from typing import Annotated

import typer

from bench.findings import Finding, Findings, publish
from bench.stack.costs import busy, cores_since, cpu_by_process
from bench.stack.crowd import Crowd, Run
from bench.stack.scene import counted, open_streams, seats, warm_stack
from bench.stack.stages import PLACES, Stages
from local.errors import StackError
from local.stack import Stack
from ovation.audience.plan import EMOJIS
from ovation.commands.up import DataDir, EphemeralPorts
from ovation.errors import OvationError
from ovation.terminal import err, failures

INTERVALS_MS = (50, 20)
"""Between two messages to a screen: what it gets unless it asks, and the least that it may ask for."""
REACH_MS = {0.5: 60.0, 0.99: 120.0}


def measure(stack: Stack, interval_ms: int, taps_per_s: float, viewers: int, screens: int, seconds: float) -> Run:
    """Return what one run gave. Raises OvationError when a tap was lost."""
    (stream_id,) = open_streams(stack.settings, 1, EMOJIS)
    with Crowd(seats(stack.settings, [stream_id], viewers, screens, interval_ms), EMOJIS) as crowd:
        run = crowd.run(taps_per_s, seconds)
        if not run.is_whole or counted(stack.settings, [stream_id]) != crowd.sent:
            raise OvationError(f"Not all taps were counted and shown: {run.line()}")
    return run


def stages(stack: Stack, interval_ms: int, taps_per_s: float, viewers: int, screens: int, seconds: float) -> list[str]:
    """Return, for each place that a tap passes, how long after it was due it was there; and then what is busy."""
    (stream_id,) = open_streams(stack.settings, 1, EMOJIS)
    with (
        Stages(stack.settings, stream_id) as places,
        Crowd(seats(stack.settings, [stream_id], viewers, screens, interval_ms), EMOJIS) as crowd,
    ):
        before = cpu_by_process(stack)
        run = crowd.run(taps_per_s, seconds)
        cores = cores_since(stack, before, run.settled_s)
    found = {name: places.places[name].delays(run.sums, run.due) for name in PLACES} | {"on screen": run.delays}
    return [
        f"{name}, after: p50 {each.percentile(0.5):.0f} ms, p99 {each.percentile(0.99):.0f} ms"
        for name, each in found.items()
    ] + [f"cores busy meanwhile: {busy(cores)}"]


def findings(runs: dict[int, list[Run]], taps_per_s: float, setting: tuple[str, ...]) -> Findings:
    """Return what was found, by interval."""
    found = [
        Finding(
            f"tap to screen at {taps_per_s:,.0f} taps/s, a picture every {interval_ms} ms, p{share * 100:.0f}",
            "ms",
            tuple(round(run.delays.percentile(share), 1) for run in done),
            reach=reach,
            bound="most",
        )
        for interval_ms, done in runs.items()
        for share, reach in REACH_MS.items()
    ]
    return Findings("screen", "Tap to screen", "make bench-screen", setting, tuple(found))


def main(
    taps_per_second: Annotated[float, typer.Option(min=1)] = 10_000,
    viewers: Annotated[int, typer.Option(min=1, help="Sockets that tap.")] = 500,
    screens: Annotated[int, typer.Option(min=1, help="Sockets that watch.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds of each round.")] = 15,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    warm_up: Annotated[float, typer.Option(min=1, help="Seconds at the same rate before anything is measured.")] = 45,
    short: Annotated[bool, typer.Option(help="A few seconds at a tenth of the rate, and nothing is saved.")] = False,
    data_dir: DataDir = None,
    ephemeral_ports: EphemeralPorts = False,
) -> None:
    """Tap one stream on a warm embedded stack and print how long its taps took to the screens.

    The exit code is 1 when a tap was lost.
    """
    if short:
        taps_per_second, viewers, screens, seconds, rounds, warm_up = taps_per_second / 10, 50, 10, 2, 1, 2
    with failures(OvationError, StackError), warm_stack(data_dir, ephemeral_ports) as stack:
        err.print(f"Warming up for {warm_up:.0f} s", markup=False)
        measure(stack, INTERVALS_MS[0], taps_per_second, viewers, screens, warm_up)
        runs: dict[int, list[Run]] = {interval_ms: [] for interval_ms in INTERVALS_MS}
        for turn in range(rounds):
            for interval_ms, done in runs.items():
                done.append(measure(stack, interval_ms, taps_per_second, viewers, screens, seconds))
                err.print(f"Round {turn + 1}, {interval_ms} ms: {done[-1].line()}", markup=False)
        places = stages(stack, INTERVALS_MS[-1], taps_per_second, viewers, screens, seconds)
    found = findings(
        runs,
        taps_per_second,
        (
            "one machine runs the whole stack and the crowd, whose one process goes before the others",
            f"{viewers:,} sockets tap one stream, one tap a frame; {screens:,} sockets watch it",
            f"rounds of {seconds:.0f} s, warmed up for {warm_up:.0f} s",
            f"where the time goes, in a run of its own with a picture every {INTERVALS_MS[-1]} ms: {'; '.join(places)}",
        ),
    )
    publish(found, save=not short)


if __name__ == "__main__":
    typer.run(main)
