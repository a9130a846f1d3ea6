"""How many taps a second the whole stack counts, and none lost: `python -m bench.capacity --help`.

Taps come as from clients that gather them: 20 in a frame. The rate grows until a run loses a tap, falls behind, or
shows its taps too late; then it is halved towards the last one that held. What holds was answered, stands in Redis and
was on every screen.
"""

from typing import Annotated, NamedTuple

import typer

from bench.findings import Finding, Findings, publish
from bench.gateways import further_gateways
from bench.stack.costs import busy, cores_since, cpu_by_process
from bench.stack.crowd import Crowd, Run
from bench.stack.scene import counted, open_streams, seats, warm_stack
from local.errors import StackError
from local.stack import Stack
from ovation.audience.plan import EMOJIS
from ovation.commands.up import DataDir, EphemeralPorts
from ovation.errors import OvationError
from ovation.terminal import err, failures

BATCH = 20
P99_MS = 200.0
SOUGHT = 1_000_000
"""Taps a second that are asked for."""
_KEPT_UP = 0.98
_PRECISION = 1.1


class Load(NamedTuple):
    """How the taps come."""

    streams: int
    viewers: int
    screens: int
    burst: int
    interval_ms: int
    urls: list[str]


class Tried(NamedTuple):
    """A run at a rate: what came of it, whether it held, and the cores that each part kept busy."""

    taps_per_s: float
    run: Run
    held: bool
    cores: dict[str, float]

    def line(self) -> str:
        verdict = "held" if self.held else "did not hold"
        return f"{self.taps_per_s:,.0f}/s {verdict}: {self.run.line()}; cores: {busy(self.cores)}"


def attempt(stack: Stack, load: Load, taps_per_s: float, seconds: float) -> Tried:
    """Tap at a rate for so long and return what came of it."""
    stream_ids = open_streams(stack.settings, load.streams, EMOJIS)
    sockets = seats(stack.settings, stream_ids, load.viewers, load.screens, load.interval_ms, load.urls)
    with Crowd(sockets, EMOJIS, batch=BATCH, burst=load.burst) as crowd:
        before = cpu_by_process(stack)
        run = crowd.run(taps_per_s, seconds)
        cores = cores_since(stack, before, run.settled_s)
        is_counted = counted(stack.settings, stream_ids) == crowd.sent
    held = (
        run.is_whole
        and is_counted
        and run.taps / run.sending_s >= _KEPT_UP * taps_per_s
        and run.delays.percentile(0.99) < P99_MS
    )
    tried = Tried(taps_per_s, run, held, cores)
    err.print(tried.line(), markup=False)
    return tried


def search(stack: Stack, load: Load, begin: float, seconds: float) -> list[float]:
    """Return the rates that held, the largest first. Raises OvationError where even `begin` does not."""
    held: list[float] = []
    failed = 0.0
    rate = begin
    while not failed or failed / held[0] > _PRECISION:
        if attempt(stack, load, rate, seconds).held:
            held.insert(0, rate)
        elif not held:
            raise OvationError(f"{begin:,.0f} taps a second are too many already: begin with fewer.")
        else:
            failed = rate
        rate = (held[0] + failed) / 2 if failed else 2 * held[0]
    return held


def repeat(stack: Stack, load: Load, rates: list[float], seconds: float, rounds: int) -> list[Tried]:
    """Return the runs at the first of `rates` that holds in more than half of them, else those at the last."""
    tried: list[Tried] = []
    for rate in rates:
        tried = [attempt(stack, load, rate, seconds) for _ in range(rounds)]
        if sum(each.held for each in tried) * 2 > rounds:
            break
    return tried


def findings(tried: list[Tried], setting: tuple[str, ...]) -> Findings:
    """Return what was found in the runs at the rate that holds."""
    cores = {name: max(each.cores[name] for each in tried) for name in tried[0].cores}
    rates = tuple(round(each.run.taps / each.run.sending_s) for each in tried)
    p99 = tuple(round(each.run.delays.percentile(0.99), 1) for each in tried)
    return Findings(
        "capacity",
        "Capacity of the whole stack on two cores",
        "make bench-capacity",
        setting,
        (
            Finding(
                "taps counted and shown, none lost", "a second", rates, reach=SOUGHT, note=f"cores busy: {busy(cores)}"
            ),
            Finding("tap to screen at that rate, p99", "ms", p99, reach=P99_MS, bound="most"),
        ),
    )


def main(
    begin: Annotated[float, typer.Option(min=1_000, help="Taps a second to begin the search with.")] = 200_000,
    streams: Annotated[int, typer.Option(min=1)] = 1,
    viewers: Annotated[int, typer.Option(min=1, help="Sockets that tap.")] = 100,
    screens: Annotated[int, typer.Option(min=1, help="Sockets that watch.")] = 20,
    burst: Annotated[int, typer.Option(min=1, help="Frames that a socket sends at once.")] = 20,
    interval_ms: Annotated[int, typer.Option(min=20, help="Between two pictures of a screen.")] = 50,
    gateways: Annotated[int, typer.Option(min=1, max=4)] = 1,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds of each try.")] = 15,
    rounds: Annotated[int, typer.Option(min=1, help="Runs at the rate that was found.")] = 3,
    warm_up: Annotated[float, typer.Option(min=1)] = 40,
    short: Annotated[bool, typer.Option(help="One try of a few seconds, and nothing is saved.")] = False,
    data_dir: DataDir = None,
    ephemeral_ports: EphemeralPorts = False,
) -> None:
    """Look for the largest rate that a warm embedded stack holds, run it again, and print what is busy then.

    The exit code is 1 when a tap was lost at that rate.
    """
    if short:
        begin, viewers, screens, seconds, rounds, warm_up = 20_000, 20, 5, 2, 1, 2
    with (
        failures(OvationError, StackError),
        warm_stack(data_dir, ephemeral_ports, limits=False) as stack,
        further_gateways(stack.settings, gateways - 1) as urls,
    ):
        load = Load(streams, viewers, screens, burst, interval_ms, [stack.settings.gateway_url, *urls])
        attempt(stack, load, begin, warm_up)
        rates = [begin] if short else search(stack, load, begin, seconds)
        tried = repeat(stack, load, rates, seconds, rounds)
    found = findings(
        tried,
        (
            "one machine runs the whole stack and the crowd, whose one process goes before the others",
            f"{BATCH} taps a frame, {burst} frames at once, by {viewers:,} sockets on {streams:,} streams; {screens:,} "
            f"sockets watch, with a picture every {interval_ms} ms; gateways: {gateways}",
            "a viewer's and a stream's limits (OVATION_LIMIT_…) are raised to a million a second",
            f"rounds of {seconds:.0f} s at {tried[0].taps_per_s:,.0f} taps/s, the largest that held in most of "
            f"them; warmed up for {warm_up:.0f} s",
        ),
    )
    publish(found, save=not short)
    if not all(each.run.is_whole for each in tried):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
