"""How long taps and votes wait for their answers while a store hangs: `python -m bench.hanging --help`.

A store that hangs is worse than one that is away: it takes connections and requests, and answers none. Rounds with all
stores well, with Redis held and with ClickHouse held (SIGSTOP) take turns, at the same steady rate, whatever the
answers take. No job runs.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from bench.durable import open_poll
from bench.edge.scene import LIMITS, Scene
from bench.findings import Finding, Findings, publish
from bench.last_mile.gateway import Gateway, lone_gateway
from bench.open_loop import Answers, OpenLoop
from bench.setting import raise_open_files, running_first
from bench.stores import both
from local import kafka
from local.errors import StackError
from local.running import running
from local.settings import StackSettings, read_settings
from ovation.errors import OvationError
from ovation.terminal import err, failures
from ovation.topics import create_topics

WELL = "all stores well"
WARM_UP_S = 3.0
MOST = 1.1
"""Of an answer's p99 with all stores well."""
NOTICED_S = 1.5
"""A store is held for so long before a round begins: what the gateway asked it last has failed by then."""
CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a round."""

    taps: Answers
    votes: Answers


@contextmanager
def stores(folder: Path) -> Iterator[tuple[StackSettings, dict[str, int]]]:
    """Run Kafka, Redis and ClickHouse in `folder`; yield the settings, and the stores' process groups by name."""
    settings = read_settings(folder, ephemeral_ports=True)
    with running(kafka.part(settings), settings), both(settings) as found:
        create_topics(settings.kafka_bootstrap)
        groups = {"Redis": found.redis_pid, "ClickHouse": found.clickhouse_pid}
        yield settings, groups


@contextmanager
def held(group: int | None) -> Iterator[None]:
    """Let a store hang while the block runs; None lets all be well."""
    if group is None:
        yield
        return
    os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(group, signal.SIGCONT)


class Load:
    """Taps and votes on one gateway, `per_s` of each a second."""

    def __init__(self, gateway: Gateway, per_s: float) -> None:
        self._gateway = gateway
        self._per_s = per_s
        self._taps = Scene.of(gateway, 10).taps(2_000)
        self._votes = asyncio.run(open_poll(gateway)).votes()

    def run(self, seconds: float) -> Answered:
        """Return how both were answered. Raises OvationError when one was refused or lost."""
        number = round(self._per_s * seconds)
        taps = [self._taps[place % len(self._taps)] for place in range(number)]
        done = uvloop.run(self._run(taps, list(islice(self._votes, number))))
        for what in (done.taps, done.votes):
            if what.lost or what.statuses[202] != number:
                raise OvationError(f"Of {number:,} requests {what.lost:,} were lost: {dict(what.statuses)}")
        return done

    async def _run(self, taps: list[bytes], votes: list[bytes]) -> Answered:
        address = self._gateway.address
        async with OpenLoop(*address, CONNECTIONS) as tapping, OpenLoop(*address, CONNECTIONS) as voting:
            return Answered(*await asyncio.gather(tapping.run(taps, self._per_s, 1), voting.run(votes, self._per_s, 2)))


def measure(
    settings: StackSettings, groups: dict[str, int], per_s: float, seconds: float, rounds: int
) -> dict[str, list[Answered]]:
    """Return how each round was answered, by the store that hung."""
    turns: dict[str, int | None] = {WELL: None, **groups}
    found: dict[str, list[Answered]] = {name: [] for name in turns}
    with lone_gateway(settings, **LIMITS) as gateway, running_first():
        load = Load(gateway, per_s)
        load.run(WARM_UP_S)
        for turn in range(rounds):
            for name, group in turns.items():
                with held(group):
                    load.run(NOTICED_S)
                    done = load.run(seconds)
                err.print(
                    f"Round {turn + 1} of {rounds}, {name}: taps {done.taps.latencies.summary().line()}; "
                    f"votes {done.votes.latencies.summary().line()}",
                    markup=False,
                )
                found[name].append(done)
    return found


def findings(found: dict[str, list[Answered]]) -> tuple[Finding, ...]:
    """Return the figures."""
    made = []
    for what, of in (("a tap", "taps"), ("a vote", "votes")):
        for part, name, reach in ((0.99, "p99", MOST), (0.5, "p50", None)):
            ms = {
                store: tuple(getattr(each, of).latencies.percentile(part) or 0.0 for each in rounds)
                for store, rounds in found.items()
            }
            made += [
                Finding(f"answer to {what} while {store} hangs, {name}", "ms", ms[store], WELL, ms[WELL], reach, "most")
                for store in found
                if store != WELL
            ]
    return tuple(made)


def main(
    per_second: Annotated[float, typer.Option(min=1, help="Taps a second, and as many votes.")] = 400,
    seconds: Annotated[float, typer.Option(min=0.2, help="Seconds of each round.")] = 8,
    rounds: Annotated[int, typer.Option(min=1)] = 7,
    short: Annotated[bool, typer.Option("--short", help="One round of a second, to see that it works.")] = False,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Let a crowd tap and vote through a gateway while a store hangs, and print how long the answers take.

    Example: python -m bench.hanging --rounds 3 --no-save
    """
    if short:
        per_second, seconds, rounds, save = 50, 1.0, 1, False
    raise_open_files()
    with failures(OvationError, StackError), tempfile.TemporaryDirectory() as folder, stores(Path(folder)) as made:
        done = measure(*made, per_second, seconds, rounds)
    found = Findings(
        "hanging",
        "While a store hangs",
        "make bench-hanging",
        (
            f"{per_second:,.0f} taps and {per_second:,.0f} votes a second by HTTP, each vote of a new voter, at their "
            f"time whatever the answers take; {rounds} rounds of {seconds:.0f} s, by turns.",
            "Gateway, Kafka, Redis, ClickHouse and the crowd share the machine; a store that hangs is stopped by "
            "SIGSTOP before the round. No job runs.",
        ),
        findings(done),
    )
    publish(found, save=save)


if __name__ == "__main__":
    typer.run(main)
