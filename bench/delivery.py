"""From Redis to every socket of one gateway, and what a socket costs: `python -m bench.delivery --help`.

The bench publishes a stream of thirty emojis as the job does, and watches it through sockets in a process of its own.
Beside the gateway stands a bare server that writes the same bytes as often, and does nothing else. Memory is what the
process has resident; the kernel's buffers are beside it.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import uvloop

from bench.findings import Finding, Findings, publish
from bench.last_mile.bare import bare
from bench.last_mile.delivered import Delivered, deliver, deliver_bare, idle
from bench.last_mile.gateway import kafka_and_redis, lone_gateway
from bench.last_mile.publisher import JOB_PER_S
from bench.setting import raise_open_files, running_first
from local.errors import StackError
from local.settings import StackSettings
from ovation.errors import OvationError
from ovation.terminal import err, failures

T = TypeVar("T")

ALONE_PER_S = 10.0
"""So seldom that no publication waits for the interval."""
IDLE_S = 25.0
"""Longer than the time between two pings, which every socket is sent and answers."""
CENTRIFUGO_PER_CORE = 12_500.0
"""What its makers publish: 500,000 deliveries a second to a million sockets, on 40 cores."""


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def _p99(runs: list[Delivered]) -> tuple[float, ...]:
    return tuple(run.delays.percentile(0.99) or 0.0 for run in runs)


def _deliveries(settings: StackSettings, sockets: int, seconds: int, rounds: int) -> list[Finding]:
    alone: list[Delivered] = []
    ours: list[Delivered] = []
    theirs: list[Delivered] = []
    with lone_gateway(settings) as gateway, running_first():
        for turn in range(rounds):
            err.print(
                f"Round {turn + 1} of {rounds}: {sockets:,} sockets, then the same by a bare server", markup=False
            )
            alone.append(_run(deliver(gateway, sockets, 0, ALONE_PER_S, seconds)))
            ours.append(done := _run(deliver(gateway, sockets, 0, JOB_PER_S, seconds)))
            with bare(done.bytes // max(done.frames, 1)) as server:
                theirs.append(deliver_bare(server, sockets, done.frames / sockets / seconds, seconds))
    broken = [f"{run.missing} never showed the last, cut: {run.cut}" for run in ours if run.missing or run.cut]
    per_core = tuple(run.per_cpu_s for run in ours)
    what, unit = f"messages to {sockets:,} sockets, of {ours[0].bytes // max(ours[0].frames, 1)} bytes", "/s a core"
    published = (CENTRIFUGO_PER_CORE,) * rounds
    bare_ones = tuple(run.per_cpu_s for run in theirs)
    return [
        Finding(what, unit, per_core, "Centrifugo, as published", published, 4.0, note="; ".join(broken)),
        Finding(what, unit, per_core, "a loop that sends the same bytes to bare sockets", bare_ones, 0.6),
        Finding("Redis to socket, 50 publications a second, p99", "ms", _p99(ours), reach=100, bound="most"),
        Finding("Redis to socket, 10 publications a second, p99", "ms", _p99(alone)),
        Finding("the bare server's p99", "ms", _p99(theirs)),
    ]


def _stalls(settings: StackSettings, sockets: int, stalled: int, seconds: int, rounds: int) -> list[Finding]:
    """Take runs with and without in turn, because the machine is not the same from minute to minute."""
    runs: dict[int, list[Delivered]] = {0: [], stalled: []}
    # The stalled stay for the whole run; else each is closed when it has taken nothing for ten seconds.
    with lone_gateway(settings, slow_socket_s=3_600) as gateway, running_first():
        for turn in range(rounds):
            for number in runs if turn % 2 == 0 else reversed(runs):
                err.print(f"Round {turn + 1} of {rounds}: {number} of {sockets:,} stalled", markup=False)
                runs[number].append(_run(deliver(gateway, sockets, number, JOB_PER_S, seconds)))
    grown = tuple(run.memory_kb / 1024 for run in runs[stalled])
    what = f"p99 of the others with {stalled} stalled among {sockets:,}"
    return [
        Finding(what, "ms", _p99(runs[stalled]), "with none stalled", _p99(runs[0]), 1.1, "most"),
        Finding(f"memory over a run with {stalled} stalled", "MB more", grown),
    ]


def main(
    sockets: Annotated[int, typer.Option(min=10)] = 1_000,
    stalled: Annotated[int, typer.Option(min=0, help="Of them, sockets that never read, in runs of their own.")] = 200,
    idle_sockets: Annotated[int, typer.Option(min=0, help="Sockets that see nothing happen.")] = 10_000,
    seconds: Annotated[int, typer.Option(min=2, help="Seconds of each run.")] = 15,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each kind.")] = 3,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Start a gateway with a Kafka and a Redis of its own, and print how soon sockets see what is published.

    Example: python -m bench.delivery --sockets 500 --idle-sockets 0 --no-save
    """
    raise_open_files()
    findings: list[Finding] = []
    with (
        failures(OvationError, StackError),
        tempfile.TemporaryDirectory() as folder,
        kafka_and_redis(Path(folder)) as settings,
    ):
        findings += _deliveries(settings, sockets, seconds, rounds)
        if stalled:
            findings += _stalls(settings, sockets, stalled, seconds, rounds)
        if idle_sockets:
            err.print(f"{idle_sockets:,} idle sockets", markup=False)
            with lone_gateway(settings) as gateway:
                each_kb = _run(idle(gateway, idle_sockets, IDLE_S))
            findings.append(Finding(f"an idle socket, of {idle_sockets:,}", "KB", (each_kb,), reach=30, bound="most"))
    found = Findings(
        "delivery",
        "From Redis to every socket",
        "make bench-delivery",
        (
            f"Gateway, Redis, Kafka and all sockets share the machine; {rounds} rounds of {seconds} s each.",
            "A stream of thirty emojis; the gateway waits up to 50 ms between two messages of a stream.",
            "A core is a second of the server's processor time. The bare server writes with the same library (uvloop).",
        ),
        tuple(findings),
    )
    publish(found, save=save)


if __name__ == "__main__":
    typer.run(main)
