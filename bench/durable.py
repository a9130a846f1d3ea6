"""How many durable votes a second of a gateway's processor time takes: `python -m bench.durable --help`.

Every vote is one HTTP request of a new voter, with a token that the gateway has never seen, answered once Kafka has it
with `acks=all`. First as many as the gateway takes, over many connections; then, at a steady rate that leaves the
gateway room, how long the answers take. No job runs.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from bench.edge.peers import Server
from bench.edge.producer import records_per_s
from bench.edge.scene import LIMITS, request
from bench.edge.storm import Stormed, storm
from bench.findings import Finding, Findings, publish
from bench.last_mile.gateway import Gateway, kafka_and_redis, lone_gateway
from bench.open_loop import Answers, OpenLoop
from bench.setting import raise_open_files, running_first
from local.errors import StackError
from local.secrets import load_or_create
from local.settings import StackSettings
from ovation.audience.plan import EMOJIS, OPTIONS
from ovation.audience.voters.tokens import Signer
from ovation.client.gateway import GatewayClient
from ovation.errors import OvationError
from ovation.terminal import err, failures

WARM_UP_S = 2.0
AHEAD_PER_S = 12_000
"""Voters that are made for each second of a storm: more than a gateway takes."""


@dataclass(frozen=True, slots=True)
class Poll:
    """An open poll of a gateway, and who may vote in it."""

    path: str
    signer: Signer

    def votes(self) -> Iterator[bytes]:
        """Return the requests of ever new voters."""
        number = 0
        while True:
            body = b'{"choices":["%d"]}' % (number % len(OPTIONS) + 1)
            yield request(self.path, self.signer.token(f"voter-{number}", {}), body)
            number += 1


async def open_poll(gateway: Gateway) -> Poll:
    """Open a stream and its poll."""
    found = load_or_create(gateway.settings.data_dir)
    async with GatewayClient(gateway.settings.gateway_url, found.api_key.get_secret_value()) as client:
        stream_id = await client.open_stream("Durable votes", EMOJIS)
        poll = await client.open_poll(stream_id, "Who was the best?", OPTIONS)
    return Poll(f"/v1/streams/{stream_id}/polls/{poll.poll_id}/votes", Signer.of(found.token_secret, stream_id))


async def _steadily(gateway: Gateway, votes: list[bytes], per_s: float, connections: int) -> Answers:
    async with OpenLoop(*gateway.address, connections) as load:
        return await load.run(votes, per_s)


def measure(
    settings: StackSettings, connections: int, seconds: float, rounds: int, load: float
) -> list[tuple[Stormed, float, Answers]]:
    """Return, for each round, the storm, the steady rate after it (`load` of what a core took), and its answers."""
    done = []
    with lone_gateway(settings, **LIMITS) as gateway, running_first():
        server = Server(gateway.address, gateway.pid)
        votes = asyncio.run(open_poll(gateway)).votes()
        storm(server, list(islice(votes, round(AHEAD_PER_S * WARM_UP_S))), connections, WARM_UP_S)
        for turn in range(rounds):
            stormed = storm(server, list(islice(votes, round(AHEAD_PER_S * seconds))), connections, seconds)
            per_s = load * min(stormed.per_cpu_s, stormed.answers / stormed.seconds)
            steady = list(islice(votes, round(per_s * seconds)))
            answers = uvloop.run(_steadily(gateway, steady, per_s, connections))
            err.print(
                f"Round {turn + 1} of {rounds}: {stormed.per_cpu_s:,.0f} votes/s a core; "
                f"at {per_s:,.0f}/s {answers.latencies.summary().line()}",
                markup=False,
            )
            refused = stormed.answers - stormed.taken + answers.answered - answers.statuses[202] + answers.lost
            if refused:
                raise OvationError(f"{refused:,} votes were refused or lost.")
            done.append((stormed, per_s, answers))
    return done


def main(
    connections: Annotated[int, typer.Option(min=1, max=10_000)] = 512,
    seconds: Annotated[float, typer.Option(min=0.5, help="Seconds of each half of a round.")] = 8,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    load: Annotated[
        float, typer.Option(min=0.05, max=1, help="Part of what a gateway takes, for the steady rate.")
    ] = 0.6,
    short: Annotated[bool, typer.Option("--short", help="One round of a second, to see that it works.")] = False,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Let ever new voters vote through one gateway, and print what a durable vote costs it and how long it takes.

    Example: python -m bench.durable --rounds 1 --no-save
    """
    if short:
        connections, seconds, rounds, save = 64, 1.0, 1, False
    raise_open_files()
    with (
        failures(OvationError, StackError),
        tempfile.TemporaryDirectory() as folder,
        kafka_and_redis(Path(folder)) as settings,
    ):
        done = measure(settings, connections, seconds, rounds, load)
        alone = tuple(records_per_s(settings.kafka_bootstrap, seconds / 2) for _ in range(rounds))
    found = Findings(
        "durable",
        "Durable votes",
        "make bench-durable",
        (
            f"Every vote by HTTP with a token of its own, {connections} connections; gateway, Kafka and voters share "
            f"the machine; {rounds} rounds of {seconds:.0f} s at full load, then as long at {load:.0%} of it.",
            "A core is a second of the gateway's processor time, all of its threads together. No job runs.",
        ),
        (
            Finding("durable votes", "votes/s a core", tuple(each.per_cpu_s for each, _, _ in done), reach=8_000),
            Finding("steady rate at which the answers are timed", "votes/s", tuple(per_s for _, per_s, _ in done)),
            Finding("answer to a vote at that rate, p50", "ms", _percentiles(done, 0.5)),
            Finding("answer to a vote at that rate, p99", "ms", _percentiles(done, 0.99), reach=60, bound="most"),
            Finding("records of a vote's size from a producer alone", "records/s", alone, note="the physical limit"),
        ),
    )
    publish(found, save=save)


def _percentiles(done: list[tuple[Stormed, float, Answers]], part: float) -> tuple[float, ...]:
    return tuple(answers.latencies.percentile(part) or 0.0 for _, _, answers in done)


if __name__ == "__main__":
    typer.run(main)
