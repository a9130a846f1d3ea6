"""What a frame of taps costs a gateway: `python -m bench.frames --help`.

The gateway and a socket loop that only decodes take the same frames by turns. The loop is an ASGI application on the
library and the settings of the gateway's own server: it waits for a frame, decodes its JSON, and answers only pings.
The gateway checks each frame against four limits, counts it, and answers it. A core is a second of the server's
processor time, all of its threads together. `bare` beside them is no server of WebSockets at all: it is what the event
loop needs to take the same bytes and to write as many as the gateway answers.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from bench.edge.frame_storm import FrameStorm, Stormed
from bench.edge.peers import Server, serving
from bench.edge.scene import LIMITS, Scene
from bench.findings import Finding, Findings, publish
from bench.last_mile.gateway import kafka_and_redis, lone_gateway
from bench.setting import raise_open_files, running_first
from local.errors import StackError
from local.settings import StackSettings
from ovation.errors import OvationError
from ovation.terminal import err, failures

WARM_UP_S = 1.0
DECODING = "a socket loop that only decodes"
BARE = "bytes through bare connections"


def measure(
    settings: StackSettings, sockets: int, streams: int, taps: int, bursts: tuple[int, ...], seconds: float, rounds: int
) -> dict[tuple[str, int], list[Stormed]]:
    """Return what each server took in each round, by its name and the frames of a burst.

    Raises OvationError where a frame was refused.
    """
    found: dict[tuple[str, int], list[Stormed]] = {}
    with ExitStack() as stack:
        gateway = stack.enter_context(lone_gateway(settings, **LIMITS))
        scene = Scene.of(gateway, streams)
        seats, frames = scene.seats(sockets), scene.frames(taps)
        decoding = stack.enter_context(serving("decoding", settings))
        echo = stack.enter_context(serving("echo", settings))
        ours = Server(gateway.address, gateway.pid)
        servers = {"ours": ours, DECODING: decoding, BARE: echo}

        def taken(name: str, burst: int, seconds: float) -> Stormed:
            # Sockets of its own for each: nobody answers pings while it is another's turn.
            with FrameStorm(servers[name], seats) as storm:
                return storm.run(frames, burst, seconds, 1 if name == DECODING else burst + 1)

        stack.enter_context(running_first())
        for burst in bursts:
            for name in servers:
                taken(name, burst, min(WARM_UP_S, seconds))
        for turn in range(rounds):
            for burst in bursts:
                for name in servers:
                    done = taken(name, burst, seconds)
                    if done.refused:
                        raise OvationError(f"{name} refused {done.refused:,} of {done.frames:,} frames.")
                    text = f"{name}, {burst} at a time: {done.per_cpu_s:,.0f}/s a core"
                    err.print(f"Round {turn + 1} of {rounds}, {text}", markup=False)
                    found.setdefault((name, burst), []).append(done)
    return found


def findings(found: dict[tuple[str, int], list[Stormed]], bursts: tuple[int, ...]) -> tuple[Finding, ...]:
    """Return the figures."""
    per_core = {key: tuple(each.per_cpu_s for each in done) for key, done in found.items()}
    unit = "frames/s a core"
    figures = []
    for burst in bursts:
        ours = per_core["ours", burst]
        what = "taps by socket, limits, checks, sums and answers on, " + (
            "a frame at a time" if burst == 1 else f"{burst} frames at a time"
        )
        figures += [
            Finding(what, unit, ours, DECODING, per_core[DECODING, burst], 0.6),
            Finding(what, unit, ours, BARE, per_core[BARE, burst], note="the physical limit"),
        ]
    return tuple(figures)


def main(
    sockets: Annotated[int, typer.Option(min=1, max=4_000)] = 400,
    streams: Annotated[int, typer.Option(min=1, max=1_000, help="Streams over which they are spread.")] = 100,
    taps: Annotated[int, typer.Option(min=1, help="Taps in a frame.")] = 20,
    burst: Annotated[int, typer.Option(min=1, help="Frames at a time; a frame at a time is measured beside it.")] = 8,
    seconds: Annotated[float, typer.Option(min=0.2, max=15, help="Seconds of each server in each round.")] = 4,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    short: Annotated[bool, typer.Option("--short", help="One round of half a second, to see that it works.")] = False,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Let a crowd tap over sockets of a gateway and of peers, and print what a frame costs each.

    Example: python -m bench.frames --rounds 3 --no-save
    """
    if short:
        sockets, streams, seconds, rounds, save = min(sockets, 40), min(streams, 10), 0.5, 1, False
    raise_open_files()
    bursts = (1, burst) if burst > 1 else (1,)
    with (
        failures(OvationError, StackError),
        tempfile.TemporaryDirectory() as folder,
        kafka_and_redis(Path(folder)) as settings,
    ):
        done = measure(settings, sockets, streams, taps, bursts, seconds, rounds)
    found = Findings(
        "frames",
        "Taps by socket",
        "make bench-frames",
        (
            f"{sockets:,} sockets over {streams:,} streams, frames of {taps} taps; a socket sends its next when those "
            f"before are answered. {rounds} rounds of {seconds:.0f} s each, one client on the same machine.",
            "Every limit of the gateway is counted and none is met; it answers each frame, the loop that only decodes "
            "answers none but the last of a burst.",
            "The loop runs on uvicorn with uvloop and websockets-sansio, as the gateway does.",
        ),
        findings(done, bursts),
    )
    publish(found, save=save)


if __name__ == "__main__":
    typer.run(main)
