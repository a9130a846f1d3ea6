"""What a million taps cost as something grows: `python -m bench.growth --help`.

Taps come at a steady rate, one at a time, while one of streams, viewers, gateways, emojis or the jobs' parallelism
grows and the others stay. Gateways are their own code from the checked tap to the record in Kafka, all in this process;
everything behind them is the whole embedded stack. What the stack uses when nobody taps is taken off.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from bench.findings import FOLDER, Curve, Findings, lines
from bench.stack.costs import Costs, costs, standing
from bench.stack.edges import Crowd, streams_of, tap
from bench.stack.grown import curves
from bench.stack.scene import counted, warm_stack
from local.errors import StackError
from local.stack import Stack
from ovation.clickhouse import connect
from ovation.commands.up import DataDir, EphemeralPorts
from ovation.embedded import addresses_of
from ovation.errors import OvationError
from ovation.submit import stop_all, submit
from ovation.terminal import err, failures, out

GROWS: dict[str, tuple[int, ...]] = {
    "streams": (1, 10, 100, 1_000, 10_000),
    "viewers": (1, 10, 100, 1_000, 10_000, 100_000),
    "gateways": (1, 2, 4, 8, 16),
    "emojis": (1, 3, 10, 30),
    "parallelism": (1, 2, 4),
}
_COUNTED_S = 60.0
_LOOK_S = 0.25


def point(stack: Stack, crowd: Crowd, taps_per_s: float, seconds: float, idle: Costs | None) -> Costs:
    """Return what a million taps of `crowd` cost; `idle` is what a second without any costs."""
    streams = streams_of(crowd)
    stream_ids = [stream.stream_id for stream in streams]
    taps = round(taps_per_s * seconds)
    rows = standing(stack.settings)
    before, began = costs(stack), time.monotonic()
    asyncio.run(tap(stack.settings.kafka_bootstrap, crowd, streams, taps_per_s, seconds))
    _await_counted(stack, stream_ids, taps)
    used = costs(stack).since(before)
    if idle is not None:
        used = used.since(idle.times(time.monotonic() - began))
    return replace(used, rows=standing(stack.settings).since(rows)).times(1e6 / taps)


def _await_counted(stack: Stack, stream_ids: list[str], taps: int) -> None:
    """Wait until both stores have counted so many taps, history first, which is behind. Raises OvationError."""
    query = "SELECT sum(reactions) FROM ovation.reactions WHERE startsWith(stream_id, {name:String})"
    name, deadline = stream_ids[0].rpartition("-")[0], time.monotonic() + _COUNTED_S
    live = history = 0
    with closing(connect(stack.settings.clickhouse_url, "default", "")) as clickhouse:
        while live != taps and time.monotonic() < deadline:
            time.sleep(_LOOK_S)
            history = int(clickhouse.query(query, {"name": name}).first_row[0] or 0)
            live = sum(counted(stack.settings, stream_ids)) if history == taps else 0
    if live != taps:
        raise OvationError(
            f"Of {taps:,} taps Redis holds {live:,} and ClickHouse {history:,} after {_COUNTED_S:.0f} s."
        )


def idle_second(stack: Stack, seconds: float) -> Costs:
    """Return what the stack uses in a second without taps."""
    before = costs(stack)
    time.sleep(seconds)
    return costs(stack).since(before).times(1 / seconds)


@contextmanager
def jobs_at(stack: Stack, parallelism: int) -> Iterator[None]:
    """Run the jobs at another parallelism."""
    addresses = addresses_of(stack.settings)
    stop_all(addresses, report=lambda _: None)
    submit(addresses, parallelism=parallelism, report=lambda _: None)
    yield


def grow(stack: Stack, what: str, sizes: tuple[int, ...], taps_per_s: float, seconds: float) -> list[Costs]:
    """Return what a million taps cost at each size."""
    found = []
    idle = None if what == "parallelism" else idle_second(stack, seconds)
    for size in sizes:
        if what == "parallelism":
            with jobs_at(stack, size):
                point(stack, Crowd(), taps_per_s, seconds, None)
                found.append(point(stack, Crowd(), taps_per_s, seconds, idle_second(stack, seconds)))
        else:
            # A stream has as many taps as it takes to hear of most of its viewers.
            base = Crowd(streams=1) if what == "viewers" else Crowd()
            found.append(point(stack, replace(base, **{what: size}), taps_per_s, seconds, idle))
        err.print(f"{what} {size:,}: {found[-1].line()}", markup=False)
    return found


def _beside_others(findings: Findings) -> Findings:
    """Return what was found, with the curves of an earlier run where this one has none."""
    path = FOLDER / f"{findings.part}.json"
    if not path.exists():
        return findings
    fresh = {curve.title: curve for curve in findings.curves}
    earlier = {curve.title: curve for curve in Findings.load(path).curves}
    return replace(findings, curves=tuple({**earlier, **fresh}.values()))


def main(
    taps_per_second: Annotated[float, typer.Option(min=1)] = 10_000,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds of each point.")] = 8,
    warm_up: Annotated[float, typer.Option(min=1)] = 30,
    only: Annotated[str, typer.Option(help="One of streams, viewers, gateways, emojis, parallelism.")] = "",
    short: Annotated[bool, typer.Option(help="Two points of two seconds, and nothing is saved.")] = False,
    data_dir: DataDir = None,
    ephemeral_ports: EphemeralPorts = False,
) -> None:
    """Let one thing grow after the other on a warm embedded stack, and print what a million taps cost each time.

    The exit code is 1 when a store did not count every tap.
    """
    grows = {what: sizes for what, sizes in GROWS.items() if only in ("", what)}
    if short:
        grows, taps_per_second, seconds, warm_up = {"gateways": (1, 4)}, 2_000, 2, 2
    found: list[Curve] = []
    failed = False
    with failures(OvationError, StackError), warm_stack(data_dir, ephemeral_ports) as stack:
        err.print(f"Warming up for {warm_up:.0f} s", markup=False)
        point(stack, Crowd(streams=100), taps_per_second, warm_up, None)
        for what, sizes in grows.items():
            try:
                found += curves(what, sizes, grow(stack, what, sizes, taps_per_second, seconds))
            except OvationError as failure:  # What was found of the others shall not be lost.
                failed = True
                err.print(f"{what}: {failure}", markup=False)
    base = Crowd()
    findings = Findings(
        "growth",
        "What a million taps cost as a crowd grows",
        "make bench-growth",
        (
            "one machine runs the whole stack; gateways, in one process, are what makes records of taps",
            f"{taps_per_second:,.0f} taps/s, one at a time, {seconds:.0f} s a point, less what an idle stack uses",
            f"what does not grow: {base.streams} streams, {base.viewers:,} viewers each, one gateway, {base.emojis} "
            "emojis, parallelism 1",
        ),
        curves=tuple(found),
    )
    for line in lines(findings):
        out.print(line, markup=False)
    for curve in found:
        for name, values in curve.y.items():
            out.print(f"  {curve.title}, {name}: {', '.join(f'{value:g}' for value in values)}", markup=False)
    if not short:
        _beside_others(findings).save()
    if failed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
