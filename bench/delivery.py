"""From Redis to every socket of one gateway, and what a socket costs: `python -m bench.delivery --help`.

The bench publishes a stream of thirty emojis as the job does, and watches it through sockets in a process of its own. A
delay begins when a publication is sent to Redis, and ends when a socket shows that state or a newer one. So what the
gateway waits for, at most one interval between two messages, is in it. Memory is what the process has resident; the
kernel's buffers are beside it.
"""

import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import uvloop

from bench.last_mile.bare import bare
from bench.last_mile.delays import delays, missing
from bench.last_mile.gateway import Gateway, kafka_and_redis, lone_gateway
from bench.last_mile.publisher import Publisher
from bench.last_mile.usage import cpu_s, memory_kb
from bench.last_mile.watchers import Watchers
from bench.setting import machine, running_first
from local.errors import StackError
from local.settings import StackSettings
from ovation.audience.latencies import Latencies
from ovation.errors import OvationError
from ovation.terminal import err, failures, out

T = TypeVar("T")

JOB_PER_S = 50
"""How often the job publishes a stream that is tapped all the time."""
WARM_UP_S = 1.0
SETTLE_S = 0.5
IDLE_S = 25.0
"""Longer than the time between two pings, which every socket is sent and answers."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run gave. `cpu_s` is the server's, and `memory_kb` how much it grew."""

    delays: Latencies
    frames: int
    bytes: int
    cpu_s: float
    memory_kb: int
    missing: int
    cut: dict[str, int]

    @property
    def per_cpu_s(self) -> float:
        return self.frames / self.cpu_s

    def line(self) -> str:
        return f"{self.delays.summary().line()}; {self.per_cpu_s:,.0f} messages per CPU second"


async def deliver(gateway: Gateway, sockets: int, stalled: int, per_s: float, seconds: float) -> Delivered:
    """Publish to `sockets`, some of them stalled, and return what the others saw."""
    stream_id = await gateway.open_stream()
    publisher = await Publisher.of(gateway.settings.redis_url, stream_id)
    tokens = gateway.tokens(stream_id, sockets)
    path = f"/v1/streams/{stream_id}/ws"
    watchers = await asyncio.to_thread(Watchers(gateway.address, path, tokens, stalled).__enter__)
    try:
        await publisher.run(per_s, WARM_UP_S)
        await asyncio.sleep(SETTLE_S)
        watchers.arrivals()
        memory, cpu = memory_kb(gateway.pid), cpu_s(gateway.pid)
        sent = await publisher.run(per_s, seconds)
        await asyncio.sleep(SETTLE_S)
        arrivals = watchers.arrivals()
        return Delivered(
            delays(sent, arrivals),
            len(arrivals.times),
            arrivals.bytes,
            cpu_s(gateway.pid) - cpu,
            memory_kb(gateway.pid) - memory,
            missing(sent, arrivals, sockets - stalled),
            dict(arrivals.cut),
        )
    finally:
        watchers.close()
        await publisher.close()


def deliver_bare(frame_bytes: int, sockets: int, per_s: float, seconds: float) -> Delivered:
    """Let a bare server write frames of the same size as often."""
    with bare(frame_bytes) as server, Watchers(("127.0.0.1", server.port), "/", [""] * sockets) as watchers:
        server.write(per_s, WARM_UP_S)
        time.sleep(SETTLE_S)
        watchers.arrivals()
        cpu = cpu_s(server.pid)
        sent = server.write(per_s, seconds)
        time.sleep(SETTLE_S)
        used, arrivals = cpu_s(server.pid) - cpu, watchers.arrivals()
    found, absent = delays(sent, arrivals), missing(sent, arrivals, sockets)
    return Delivered(found, len(arrivals.times), arrivals.bytes, used, 0, absent, dict(arrivals.cut))


async def idle(gateway: Gateway, sockets: int, seconds: float) -> float:
    """Return the kilobytes that each of `sockets` takes that are open for so long and see nothing happen."""
    stream_id = await gateway.open_stream()
    publisher = await Publisher.of(gateway.settings.redis_url, stream_id)
    await publisher.close()
    path = f"/v1/streams/{stream_id}/ws"
    with Watchers(gateway.address, path, gateway.tokens(stream_id, 10)):
        await asyncio.sleep(SETTLE_S)
    before = memory_kb(gateway.pid)
    tokens = gateway.tokens(stream_id, sockets)
    watchers = await asyncio.to_thread(Watchers(gateway.address, path, tokens).__enter__)
    try:
        await asyncio.sleep(seconds)
        return (memory_kb(gateway.pid) - before) / sockets
    finally:
        watchers.close()


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def raise_open_files() -> None:
    """Let this process and its children have as many sockets as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _deliveries(settings: StackSettings, sockets: int, seconds: int) -> dict[str, str]:
    found: dict[str, str] = {}
    with lone_gateway(settings) as gateway, running_first():
        for name, per_s in {"one by one": 10.0, "as the job": float(JOB_PER_S)}.items():
            err.print(f"{per_s:.0f} publications/s to {sockets:,} sockets", markup=False)
            done = _run(deliver(gateway, sockets, 0, per_s, seconds))
            found[name] = f"{per_s:.0f}/s: {done.line()}"
            if done.missing or done.cut:
                found[name] += f"; {done.missing} never showed the last, cut: {done.cut}"
    with running_first():
        frames_per_s = done.frames / sockets / seconds
        err.print(f"The same bytes, {frames_per_s:.0f} times a second, by a bare server", markup=False)
        floor = deliver_bare(done.bytes // max(done.frames, 1), sockets, frames_per_s, seconds)
    found["bare"] = f"{frames_per_s:.0f}/s of {done.bytes // max(done.frames, 1):,} bytes: {floor.line()}"
    found["ratio"] = f"a message costs the gateway {floor.per_cpu_s / done.per_cpu_s:.2f} times what it costs there"
    return found


def _stalls(settings: StackSettings, sockets: int, stalled: int, seconds: int, rounds: int) -> dict[str, str]:
    """Take runs with and without in turn, because the machine is not the same from minute to minute."""
    runs: dict[int, list[Delivered]] = {0: [], stalled: []}
    # The stalled stay for the whole run; else each is closed when it has taken nothing for ten seconds.
    with lone_gateway(settings, slow_socket_s=3_600) as gateway, running_first():
        for turn in range(rounds):
            for number in runs if turn % 2 == 0 else reversed(runs):
                err.print(f"Round {turn + 1} of {rounds}: {number} of {sockets:,} stalled", markup=False)
                runs[number].append(_run(deliver(gateway, sockets, number, JOB_PER_S, seconds)))
    p99 = {number: [run.delays.percentile(0.99) or 0 for run in done] for number, done in runs.items()}
    middle = {number: statistics.median(each) for number, each in p99.items()}
    return {
        "none stalled": "p99 " + ", ".join(f"{each:.1f}" for each in p99[0]) + " ms",
        f"{stalled} stalled": "p99 of the others "
        + ", ".join(f"{each:.1f}" for each in p99[stalled])
        + f" ms: {100 * (middle[stalled] / middle[0] - 1):+.0f}% in the middle",
        "growth": "memory over each run with them "
        + ", ".join(f"{run.memory_kb / 1024:+.1f}" for run in runs[stalled])
        + " MB, without "
        + ", ".join(f"{run.memory_kb / 1024:+.1f}" for run in runs[0]),
    }


def main(
    sockets: Annotated[int, typer.Option(min=10)] = 1_000,
    stalled: Annotated[int, typer.Option(min=0, help="Of them, sockets that never read, in runs of their own.")] = 200,
    idle_sockets: Annotated[int, typer.Option(min=0, help="Sockets that see nothing happen.")] = 10_000,
    seconds: Annotated[int, typer.Option(min=2, help="Seconds of each run.")] = 30,
    rounds: Annotated[int, typer.Option(min=1, help="Runs with stalled sockets, and as many without.")] = 3,
) -> None:
    """Start a gateway with a Kafka and a Redis of its own, and print how soon sockets see what is published."""
    raise_open_files()
    found = {"setting": f"Gateway, Redis, Kafka and all sockets on one machine: {machine()}"}
    with (
        failures(OvationError, StackError),
        tempfile.TemporaryDirectory() as folder,
        kafka_and_redis(Path(folder)) as settings,
    ):
        found |= _deliveries(settings, sockets, seconds)
        if stalled:
            found |= _stalls(settings, sockets, stalled, seconds, rounds)
        if idle_sockets:
            err.print(f"{idle_sockets:,} idle sockets", markup=False)
            with lone_gateway(settings) as gateway:
                found["idle"] = (
                    f"{_run(idle(gateway, idle_sockets, IDLE_S)):.1f} KB of memory for each of {idle_sockets:,}"
                )
    for name, text in found.items():
        out.print(f"  {name:<12} {text}", markup=False)


if __name__ == "__main__":
    typer.run(main)
