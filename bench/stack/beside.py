"""A quiet stream, and what Kafka holds, watched from a process of its own while another process does something loud."""

import multiprocessing
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import NamedTuple

from kafka.admin import OffsetSpec

from bench.stack.crowd import Crowd
from bench.stack.sockets import Seat
from contracts import topics
from ovation.audience.plan import EMOJIS
from ovation.deployments import Deployment
from ovation.kafka_admin import connected, partitions
from ovation.lag import offsets, reading

_ROUND_S = 5.0
_LOOK_S = 1.0


class Look(NamedTuple):
    """Where each partition of `reactions` ended at `at` (`time.monotonic`), and what no checkpoint has behind it."""

    at: float
    ends: tuple[int, ...]
    left: int


class Shown(NamedTuple):
    """A tap of the quiet stream that was due at `at`, and how long its screen took to show it."""

    at: float
    ms: float


@dataclass(slots=True)
class Beside:
    """What was seen, complete once the block is left."""

    looks: list[Look] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    missing: int = 0


@contextmanager
def beside(seats: Sequence[Seat], taps_per_s: float, bootstrap: str, deployment: Deployment) -> Iterator[Beside]:
    """Let one screen and the tapping `seats` go on at `taps_per_s` on a stream of their own during the block."""
    spawn = multiprocessing.get_context("spawn")
    done, (ours, theirs), seen = spawn.Event(), spawn.Pipe(duplex=False), Beside()
    process = spawn.Process(target=_watch, args=(seats, taps_per_s, bootstrap, deployment, done, theirs), daemon=True)
    process.start()
    # From here on its death is the pipe's end.
    theirs.close()
    ours.recv()
    try:
        yield seen
    finally:
        done.set()
        seen.looks, seen.shown, seen.missing = ours.recv()
        process.join()


def _watch(
    seats: Sequence[Seat], taps_per_s: float, bootstrap: str, deployment: Deployment, done: Event, answer: Connection
) -> None:
    looks: list[Look] = []
    looking = threading.Thread(target=_look, args=(bootstrap, deployment, done, looks))
    shown: list[Shown] = []
    missing = 0
    with Crowd(seats, EMOJIS) as crowd:
        looking.start()
        answer.send(None)
        while not done.is_set():
            run = crowd.run(taps_per_s, _ROUND_S, seed=len(shown) + 1)
            missing += run.delays.missing
            if not run.delays.missing:
                shown += map(Shown, run.due.tolist(), run.delays.ms.tolist())
    looking.join()
    answer.send((looks, shown, missing))


def _look(bootstrap: str, deployment: Deployment, done: Event, looks: list[Look]) -> None:
    with connected(bootstrap) as admin:
        parts = partitions(admin, topics.REACTIONS)
        while not done.wait(_LOOK_S):
            ends = offsets(admin, parts, OffsetSpec.LATEST)
            looks.append(Look(time.monotonic(), tuple(ends.values()), reading(admin, deployment).left))
