"""One stream goes from ten taps a second to a million and back, beside a quiet one: `python -m bench.viral --help`."""

import time
from collections.abc import Sequence
from typing import Annotated, NamedTuple

import numpy as np
import typer

from bench.findings import Curve, Finding, Findings, publish
from bench.gateways import further_gateways
from bench.stack.beside import Beside, beside
from bench.stack.costs import GATEWAY, cores_since, cpu_by_process
from bench.stack.crowd import Crowd, Run
from bench.stack.scene import counted, open_streams, seats, warm_stack
from local.errors import StackError
from local.stack import Stack
from ovation.audience.plan import EMOJIS
from ovation.commands.up import DataDir, EphemeralPorts
from ovation.deployments import DEPLOYMENTS
from ovation.errors import OvationError
from ovation.terminal import err, failures

BATCH, BURST = 50, 20
"""Taps of a frame, as from a client that gathers all that a viewer may tap in a second, and frames of a socket at once
where the rate is high."""
BURST_FROM = 20_000
QUIET_PER_S = 20.0
INTERVAL_MS = 50
SLOWER = 1.2
"""How much slower the quiet stream may be while the other is hot."""
LIVE = next(each for each in DEPLOYMENTS if each.job == "reaction_window" and each.sink == "redis")


class Step(NamedTuple):
    """A rate of the loud stream, from `began` to `ended` (`time.monotonic`), what came of it, and which part of the
    stack kept how many cores busy meanwhile.
    """

    taps_per_s: float
    began: float
    ended: float
    run: Run
    cores: dict[str, float]


def climb(top: float, factor: float) -> list[float]:
    """Return rates from ten to `top` and back, each `factor` of the one before."""
    up = [10.0]
    while up[-1] * factor < top:
        up.append(up[-1] * factor)
    return [*up, top, *reversed(up)]


def go_viral(
    stack: Stack,
    urls: Sequence[str],
    rates: Sequence[float],
    seconds: float,
    viewers: int,
    burst: int = BURST,
    height: float = 1,
) -> tuple[list[Step], Beside]:
    """Tap at each rate for so long, at the highest `height` times as long, by the gateways at `urls`.

    Return what came of it and what was seen beside.

    Raises OvationError for a loss.
    """
    loud, quiet = open_streams(stack.settings, 2, EMOJIS)
    steps: list[Step] = []
    watched = seats(stack.settings, [quiet], 20, len(urls), INTERVAL_MS, urls)
    with (
        Crowd(seats(stack.settings, [loud], viewers, 4, INTERVAL_MS, urls), EMOJIS, batch=BATCH) as crowd,
        beside(watched, QUIET_PER_S, stack.settings.kafka_bootstrap, LIVE) as seen,
    ):
        for rate in rates:
            crowd.gather(burst if rate >= BURST_FROM else 1)
            began, before = time.monotonic(), cpu_by_process(stack)
            run = crowd.run(rate, seconds * height if rate == max(rates) else seconds)
            ended = time.monotonic()
            steps.append(Step(rate, began, ended, run, cores_since(stack, before, ended - began)))
            err.print(f"{rate:,.0f}/s: {run.line()}", markup=False)
    if not all(step.run.is_whole for step in steps) or counted(stack.settings, [loud]) != crowd.sent or seen.missing:
        raise OvationError("Not all taps were counted and shown.")
    return steps, seen


def p99_of(seen: Beside, steps: Sequence[Step]) -> float:
    """Return how long the quiet stream's taps of these steps took to their screen, in ms."""
    ms = [tap.ms for tap in seen.shown if any(step.began <= tap.at <= step.ended for step in steps)]
    return float(np.percentile(ms, 99)) if ms else float("inf")


def used(seen: Beside) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return when partitions were looked at, from the first look on, and how many of them had grown then."""
    pairs = list(zip(seen.looks, seen.looks[1:], strict=False))
    grown = [sum(b > a for a, b in zip(before.ends, after.ends, strict=True)) for before, after in pairs]
    return tuple(round(after.at - seen.looks[0].at, 1) for _, after in pairs), tuple(map(float, grown))


def findings(steps: Sequence[Step], seen: Beside, setting: tuple[str, ...]) -> Findings:
    """Return the figures and the curves over time."""
    top, below = sorted({step.taps_per_s for step in steps}, reverse=True)[:2]
    hot = [step for step in steps if step.taps_per_s == top]
    warm = [step for step in steps if step.taps_per_s == below]
    calm = [step for step in steps if step.taps_per_s < BURST_FROM]
    began = seen.looks[0].at
    times, grown = used(seen)
    middles = tuple(round((step.began + step.ended) / 2 - began, 1) for step in steps)
    rates = tuple(round(step.run.taps / step.run.sending_s) for step in steps)
    p99 = tuple(round(step.run.delays.percentile(0.99), 1) for step in steps)
    quiet = tuple(round(p99_of(seen, [step]), 1) for step in steps)
    cores = max(hot, key=lambda step: sum(step.cores.values())).cores
    left = tuple(float(look.left) for look in seen.looks[1:])
    return Findings(
        "viral",
        "A stream goes viral",
        "make bench-viral",
        setting,
        (
            Finding("taps counted and shown at the height, none lost", "a second", (max(rates),), reach=0.98 * top),
            Finding("tap to screen at the height, p99", "ms", (max(step.run.delays.percentile(0.99) for step in hot),)),
            Finding("busy at the height", "cores", (round(sum(cores.values()), 2),)),
            Finding("… of which by gateways", "cores", (round(cores[GATEWAY], 2),)),
            *(
                Finding(
                    f"quiet stream beside it at {rate:,.0f} taps/s, tap to screen, p99",
                    "ms",
                    (round(p99_of(seen, while_), 1),),
                    "while the other is calm",
                    (round(p99_of(seen, calm), 1),),
                    SLOWER,
                    "most",
                )
                for rate, while_ in ((below, warm), (top, hot))
            ),
        ),
        (
            Curve("Taps", "s", "taps a second", middles, {"the stream": rates}, x_scale="linear"),
            Curve(
                "Tap to screen", "s", "ms, p99", middles, {"the stream": p99, "a quiet one": quiet}, x_scale="linear"
            ),
            Curve("Partitions in use", "s", "of `reactions`", times, {"": grown}, x_scale="linear"),
            Curve("Lag", "s", "records behind no checkpoint yet", times, {LIVE.name: left}, x_scale="linear"),
        ),
    )


def main(
    top: Annotated[float, typer.Option(min=100, help="Taps a second at the height.")] = 1_000_000,
    factor: Annotated[float, typer.Option(min=2, help="From one rate to the next.")] = 10,
    viewers: Annotated[int, typer.Option(min=1, help="Sockets that tap.")] = 100,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds of each rate.")] = 15,
    height: Annotated[float, typer.Option(min=1, help="How many times as long it stays at the height.")] = 4,
    warm_up: Annotated[float, typer.Option(min=1, help="Seconds at a third of the height before that.")] = 40,
    gateways: Annotated[int, typer.Option(min=1, max=4, help="Viewers of both streams are spread over them.")] = 2,
    short: Annotated[bool, typer.Option(help="To 20,000 and back in seconds, and nothing is saved.")] = False,
    data_dir: DataDir = None,
    ephemeral_ports: EphemeralPorts = False,
) -> None:
    """Let one stream go viral on a warm embedded stack; print and draw rate, delay, partitions in use and lag.

    The exit code is 1 when a tap was lost.
    """
    if short:
        top, factor, viewers, seconds, height, warm_up = 20_000, 50, 20, 3, 1, 1
    with (
        failures(OvationError, StackError),
        warm_stack(data_dir, ephemeral_ports, limits=False) as stack,
        further_gateways(stack.settings, gateways - 1) as more,
    ):
        urls = [stack.settings.gateway_url, *more]
        [stream] = open_streams(stack.settings, 1, EMOJIS)
        warming = seats(stack.settings, [stream], viewers, 4, INTERVAL_MS, urls)
        with Crowd(warming, EMOJIS, batch=BATCH, burst=BURST) as crowd:
            crowd.run(top / 3, warm_up)
        steps, seen = go_viral(stack, urls, climb(top, factor), seconds, viewers, height=height)
    setting = (
        "one machine runs the whole stack and the crowd, whose processes go before the others",
        f"{BATCH} taps a frame, {BURST} frames at once from {BURST_FROM:,} taps/s on, by {viewers:,} sockets; 4 "
        f"screens, with a picture every {INTERVAL_MS} ms; gateways: {gateways}",
        f"{QUIET_PER_S:.0f} single taps/s on another stream, with a screen of its own at each gateway",
        "a viewer's and a stream's limits (OVATION_LIMIT_…) are raised to a million a second",
        f"{seconds:.0f} s at each rate, {seconds * height:.0f} at the height, "
        f"warmed up for {warm_up:.0f} s at a third of the height",
    )
    publish(findings(steps, seen, setting), save=not short)


if __name__ == "__main__":
    typer.run(main)
