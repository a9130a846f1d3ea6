"""Pollers of a snapshot through the nginx of `docs/nginx`, while taps go on: `python -m bench.pollers --help`.

Behind nginx are two gateways; the bench publishes as the job does. An answer's age is for how long it had been
overtaken by a newer publication when it came.
"""

import asyncio
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from bench.last_mile.gateway import Gateway, kafka_and_redis, lone_gateway
from bench.last_mile.pollers import Polled, poll
from bench.last_mile.publisher import JOB_PER_S, Publisher
from bench.setting import machine, raise_open_files
from local import nginx
from local.errors import StackError
from local.ports import free_ports
from local.running import running
from ovation.errors import OvationError
from ovation.terminal import err, failures, out

GATEWAYS = 2
GRANULARITY_S = 1
"""nginx keeps an answer to the end of the second in which its time is over."""


@dataclass(frozen=True, slots=True)
class Run:
    """What pollers saw, when each state was published, and what nginx asked of gateways meanwhile."""

    polled: Polled
    sent: dict[int, float]
    asked: Counter[str]


async def through_nginx(gateway: Gateway, port: int, folder: Path, pollers: int, seconds: float) -> Run:
    """Publish to a new stream, and poll its snapshot on nginx's `port`."""
    stream_id = await gateway.open_stream()
    publisher = await Publisher.of(gateway.settings.redis_url, stream_id)
    path = f"/v1/streams/{stream_id}/live"
    try:
        publishing = asyncio.create_task(publisher.run(JOB_PER_S, seconds + 1))
        polled = await poll(("127.0.0.1", port), path, pollers, seconds)
        return Run(polled, await publishing, asked(folder, path))
    finally:
        await publisher.close()


def asked(folder: Path, path: str) -> Counter[str]:
    """Return what nginx asked gateways for `path`, by what they answered."""
    lines = (line.split() for line in nginx.access_log(folder).read_text(encoding="utf-8").splitlines())
    return Counter(line[5] for line in lines if line[2] == path and line[5] != "-")


def main(
    pollers: Annotated[int, typer.Option(min=1)] = 2_000,
    seconds: Annotated[int, typer.Option(min=2)] = 30,
) -> None:
    """Let pollers ask once a second each, and print how few questions reach a gateway, and how old answers are.

    The exit code is 1 when an answer failed, or was older than the gateway's rules let it be.
    """
    raise_open_files()
    program = nginx.find()
    with failures(OvationError, StackError), ExitStack() as stack:
        if program is None:
            raise OvationError("There is no nginx on this machine: `make nginx` says more.")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = stack.enter_context(kafka_and_redis(folder))
        gateways = [stack.enter_context(lone_gateway(settings)) for _ in range(GATEWAYS)]
        [port] = free_ports(1)
        addresses = [f"127.0.0.1:{gateway.settings.gateway_port}" for gateway in gateways]
        stack.enter_context(running(nginx.part(program, folder / "nginx", port, addresses), settings))
        err.print(f"{pollers:,} pollers for {seconds} s", markup=False)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            run = runner.run(through_nginx(gateways[0], port, folder / "nginx", pollers, seconds))
    polled, ages = run.polled, run.polled.ages(run.sent)
    answers = polled.statuses.total()
    promised_s = polled.promised_s + GRANULARITY_S
    oldest_s = (ages.summary().max or 0) / 1000
    found = {
        "setting": f"Pollers, nginx, {GATEWAYS} gateways, Redis and Kafka on one machine: {machine()}",
        "answers": f"{answers:,} in {seconds} s: "
        + ", ".join(f"{number:,} x {status}" for status, number in sorted(polled.statuses.items())),
        "answered in": polled.latencies.summary().line(),
        "hits": f"{100 * polled.hit_share:.2f}%: "
        + ", ".join(f"{n:,} {name}" for name, n in polled.caches.most_common()),
        "origin": f"{run.asked.total() / seconds:.2f} requests a second for the stream: "
        + ", ".join(f"{number} x {status}" for status, number in run.asked.items()),
        "age": f"{ages.summary().line()}; promised are {promised_s} s",
    }
    for name, text in found.items():
        out.print(f"  {name:<12} {text}", markup=False)
    if set(polled.statuses) - {200, 304} or oldest_s > promised_s:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
