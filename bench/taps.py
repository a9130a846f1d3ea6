"""What a tap by HTTP costs a gateway: `python -m bench.taps --help`.

Three servers take the same requests by turns: the gateway with all that it does, a bare application that does nothing,
and the same endpoint as one would first write it. A core is a second of the server's processor time, all of its threads
together.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from bench.edge.peers import Server, serving
from bench.edge.scene import EMOJIS, LIMITS, Scene
from bench.edge.storm import Stormed, storm
from bench.findings import Finding, Findings, publish
from bench.last_mile.gateway import kafka_and_redis, lone_gateway
from bench.setting import raise_open_files, running_first
from local.errors import StackError
from local.settings import StackSettings
from ovation.errors import OvationError
from ovation.terminal import err, failures

WARM_UP_S = 1.0
MANY = 1_000
"""Streams over which taps are spread to see what becomes of a gateway's sums."""
BARE, PLAIN = "a bare ASGI callable that answers 204", "the same endpoint in plain FastAPI and pydantic"


def measure(
    settings: StackSettings, viewers: int, streams: int, many: int, connections: int, seconds: float, rounds: int
) -> dict[str, list[Stormed]]:
    """Return what each server took in each round. Raises OvationError where one refused something."""
    found: dict[str, list[Stormed]] = {}
    with ExitStack() as stack:
        gateway = stack.enter_context(lone_gateway(settings, **LIMITS))
        ours = Server(gateway.address, gateway.pid)
        uniform, hot, spread = (Scene.of(gateway, number) for number in (streams, 1, many))
        env = {
            "PLAIN_KAFKA": settings.kafka_bootstrap,
            "PLAIN_TOKEN_SECRET": uniform.token_secret,
            "PLAIN_EMOJIS": ",".join(EMOJIS),
        }
        bare = stack.enter_context(serving("bare", settings))
        plain = stack.enter_context(serving("plain", settings, **env))
        requests = uniform.taps(viewers)
        turns = {
            "ours": (ours, requests),
            BARE: (bare, requests),
            PLAIN: (plain, requests),
            "one stream": (ours, hot.taps(viewers)),
            "many streams": (ours, spread.taps(viewers)),
        }
        stack.enter_context(running_first())
        for name, (server, these) in turns.items():
            storm(server, these, connections, WARM_UP_S)
            found[name] = []
        for turn in range(rounds):
            for name, (server, these) in turns.items():
                done = storm(server, these, connections, seconds)
                err.print(f"Round {turn + 1} of {rounds}, {name}: {done.per_cpu_s:,.0f}/s a core", markup=False)
                if done.taken != done.answers:
                    raise OvationError(f"{name} refused {done.answers - done.taken:,} of {done.answers:,} requests.")
                found[name].append(done)
    return found


def findings(found: dict[str, list[Stormed]], many: int) -> tuple[Finding, ...]:
    """Return the figures."""
    per_core = {name: tuple(each.per_cpu_s for each in done) for name, done in found.items()}
    rates = {name: tuple(each.answers / each.seconds for each in done) for name, done in found.items()}
    what, unit = "taps by HTTP, token, limits, checks and sums on", "requests/s a core"
    return (
        Finding(what, unit, per_core["ours"], BARE, per_core[BARE], 0.6),
        Finding(what, unit, per_core["ours"], PLAIN, per_core[PLAIN], 5.0),
        Finding(
            "all taps on one stream", unit, per_core["one stream"], f"over {many:,}", per_core["many streams"], 0.9
        ),
        Finding("taps by HTTP, client and Kafka beside it", "requests/s", rates["ours"]),
    )


def main(
    viewers: Annotated[int, typer.Option(min=1, help="Viewers, each with a token of its own.")] = 2_000,
    streams: Annotated[int, typer.Option(min=1, max=2_000, help="Streams over which they are spread.")] = 10,
    connections: Annotated[int, typer.Option(min=1, max=1_000)] = 256,
    seconds: Annotated[float, typer.Option(min=0.2, help="Seconds of each server in each round.")] = 6,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    short: Annotated[bool, typer.Option("--short", help="One round of half a second, to see that it works.")] = False,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Let a crowd tap by HTTP through a gateway and through peers, and print what a request costs each.

    Example: python -m bench.taps --rounds 3 --no-save
    """
    many = MANY
    if short:
        many, seconds, rounds, save = 20, 0.5, 1, False
    raise_open_files()
    with (
        failures(OvationError, StackError),
        tempfile.TemporaryDirectory() as folder,
        kafka_and_redis(Path(folder)) as settings,
    ):
        done = measure(settings, viewers, streams, many, connections, seconds, rounds)
    found = Findings(
        "taps",
        "Taps by HTTP",
        "make bench-taps",
        (
            f"{viewers:,} viewers over {streams:,} streams, {connections} connections of a client on the same machine; "
            f"{rounds} rounds of {seconds:.0f} s each.",
            "The client looks for answers every millisecond, so that no server pays for waking it.",
            "Every limit of the gateway is counted and none is met. A core is a second of the server's processor time.",
            "The bare application and the plain one run on uvicorn with uvloop and httptools, as the gateway does.",
        ),
        findings(done, many),
    )
    publish(found, save=save)


if __name__ == "__main__":
    typer.run(main)
