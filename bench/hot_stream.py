"""All taps on one stream, beside the same taps on a thousand, on the whole stack: `python -m bench.hot_stream --help`.

The same viewers tap at the same moments, by turns on one stream and spread over many; as many screens watch. A hot
stream is one key of every aggregation, one partition of the topic and one hub of the gateway.
"""

from typing import Annotated

import typer

from bench.findings import Finding, Findings, publish
from bench.stack.costs import cpu_by_process, of_stack
from bench.stack.crowd import Crowd, Run
from bench.stack.scene import counted, open_streams, seats, warm_stack
from local.errors import StackError
from local.stack import Stack
from ovation.audience.plan import EMOJIS
from ovation.commands.up import DataDir, EphemeralPorts
from ovation.errors import OvationError
from ovation.terminal import err, failures

INTERVAL_MS = 50


def measure(
    stack: Stack, streams: int, taps_per_s: float, viewers: int, screens: int, seconds: float
) -> tuple[Run, float]:
    """Return what one run gave, and the CPU seconds of the stack for a million taps. Raises OvationError for a loss."""
    stream_ids = open_streams(stack.settings, streams, EMOJIS)
    with Crowd(seats(stack.settings, stream_ids, viewers, screens, INTERVAL_MS), EMOJIS) as crowd:
        before = of_stack(cpu_by_process(stack))
        run = crowd.run(taps_per_s, seconds)
        used = of_stack(cpu_by_process(stack)) - before
        if not run.is_whole or counted(stack.settings, stream_ids) != crowd.sent:
            raise OvationError(f"Not all taps were counted and shown: {run.line()}")
    return run, used / run.taps * 1e6


def findings(
    hot: list[tuple[Run, float]], even: list[tuple[Run, float]], streams: int, setting: tuple[str, ...]
) -> Findings:
    """Return the figures of the hot stream beside those of many."""
    against = f"on {streams:,} streams"

    def p99(runs: list[tuple[Run, float]]) -> tuple[float, ...]:
        return tuple(round(run.delays.percentile(0.99), 1) for run, _ in runs)

    def rate(runs: list[tuple[Run, float]]) -> tuple[float, ...]:
        return tuple(round(run.taps_per_s) for run, _ in runs)

    def cost(runs: list[tuple[Run, float]]) -> tuple[float, ...]:
        return tuple(round(cpu_s, 1) for _, cpu_s in runs)

    return Findings(
        "hot_stream",
        "All taps on one stream",
        "make bench-hot",
        setting,
        (
            Finding("taps counted and shown, all on one stream", "a second", rate(hot), against, rate(even), 0.9),
            Finding("tap to screen, p99, all on one stream", "ms", p99(hot), against, p99(even), 1.2, "most"),
            Finding("CPU of the stack for a million taps, all on one stream", "s", cost(hot), against, cost(even)),
        ),
    )


def main(
    taps_per_second: Annotated[float, typer.Option(min=1)] = 10_000,
    streams: Annotated[int, typer.Option(min=2)] = 1_000,
    viewers: Annotated[int, typer.Option(min=2, help="Sockets that tap.")] = 1_000,
    screens: Annotated[int, typer.Option(min=1, help="Sockets that watch.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds of each round.")] = 10,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    warm_up: Annotated[float, typer.Option(min=1, help="Seconds of each kind before anything is measured.")] = 25,
    short: Annotated[bool, typer.Option(help="A few seconds at a tenth of the rate, and nothing is saved.")] = False,
    data_dir: DataDir = None,
    ephemeral_ports: EphemeralPorts = False,
) -> None:
    """Tap one stream and many by turns on a warm embedded stack; print throughput, delay and cost of both.

    The exit code is 1 when a tap was lost.
    """
    if short:
        taps_per_second, streams, viewers, screens = taps_per_second / 10, 20, 50, 10
        seconds, rounds, warm_up = 2, 1, 1
    runs: dict[int, list[tuple[Run, float]]] = {1: [], streams: []}
    with failures(OvationError, StackError), warm_stack(data_dir, ephemeral_ports) as stack:
        for number in runs:
            err.print(f"Warming up: {number:,} streams for {warm_up:.0f} s", markup=False)
            measure(stack, number, taps_per_second, viewers, screens, warm_up)
        for turn in range(rounds):
            for number, done in runs.items():
                done.append(measure(stack, number, taps_per_second, viewers, screens, seconds))
                err.print(f"Round {turn + 1}, streams {number:,}: {done[-1][0].line()}", markup=False)
    found = findings(
        runs[1],
        runs[streams],
        streams,
        (
            "one machine runs the whole stack and the crowd, whose one process goes before the others",
            f"{taps_per_second:,.0f} taps/s, one a frame, by {viewers:,} sockets; {screens:,} sockets watch, with a "
            f"picture every {INTERVAL_MS} ms",
            f"rounds of {seconds:.0f} s by turns, warmed up for {warm_up:.0f} s each",
        ),
    )
    publish(found, save=not short)


if __name__ == "__main__":
    typer.run(main)
