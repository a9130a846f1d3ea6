"""Gateways as Kafka knows them: their own way from a checked tap to a record, many of them in one process.

What is left out is the connection: sockets, frames and tokens cost the same however many streams or gateways there are.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

import numpy as np
from pydantic import SecretStr

from gateway.auth import Viewer
from gateway.clock import now_ms
from gateway.control.model import Stream
from gateway.control.table import ControlTable
from gateway.kafka.producer import ProducerThread
from gateway.limits.limits import Limits
from gateway.reactions.aggregate import Aggregate
from gateway.reactions.flusher import Flusher
from gateway.reactions.reactors import ReactorSamples
from gateway.reactions.tap_counter import TapCounter
from gateway.settings import Settings
from ovation.errors import OvationError

_DRAIN_S = 60.0
_TICK_S = 0.002
EMOJIS = tuple(chr(0x1F600 + each) for each in range(30))


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who taps, and where. Each viewer taps on one stream, through one gateway."""

    streams: int = 10
    viewers: int = 1_000
    """Of each stream."""
    gateways: int = 1
    emojis: int = 5


class Edge:
    """One gateway's part. Lives on the event loop."""

    def __init__(self, bootstrap: str, number: int, streams: Sequence[Stream]) -> None:
        secret = SecretStr("s" * 40)
        settings = Settings(
            api_keys=secret, token_secret=secret, voter_secret=secret, limit_viewer_taps_per_s=1_000_000
        )
        table = ControlTable(now_ms)
        for stream in streams:
            table.apply(stream)
        self.outbox = ProducerThread(f"edge-{number}", bootstrap, linger_ms=2)
        self.flusher = Flusher(
            self.outbox,
            Aggregate(settings.max_waiting),
            region="local",
            edge=f"edge-{number}",
            flush_ms=settings.flush_ms,
            max_unacked=settings.max_unacked,
        )
        samples = ReactorSamples(secret.get_secret_value().encode())
        self.taps = TapCounter(table, self.flusher, samples, Limits(settings), now_ms)


def streams_of(crowd: Crowd) -> list[Stream]:
    """Return new streams."""
    name, at = token_hex(4), now_ms()
    return [
        Stream(
            region="local",
            edge="bench",
            at=at,
            revision=1,
            stream_id=f"growth-{name}-{place}",
            title="Growth",
            emojis=EMOJIS[: crowd.emojis],
            status="live",
            created_at=at,
            ended_at=None,
        )
        for place in range(crowd.streams)
    ]


async def tap(bootstrap: str, crowd: Crowd, streams: Sequence[Stream], taps_per_s: float, seconds: float) -> None:
    """Let the crowd tap one tap at a time, and return when Kafka has all. Raises OvationError if it has not."""
    edges = [Edge(bootstrap, number, streams) for number in range(crowd.gateways)]
    for edge in edges:
        edge.outbox.start()
    chance = np.random.default_rng(1)
    number = round(taps_per_s * seconds)
    places = chance.integers(crowd.streams, size=number).tolist()
    viewers = chance.integers(crowd.viewers, size=number).tolist()
    emojis = chance.integers(crowd.emojis, size=number).tolist()
    began, done = time.monotonic(), 0
    while done < number:
        due = min(number, int((time.monotonic() - began) * taps_per_s) + 1)
        for place, viewer, emoji in zip(places[done:due], viewers[done:due], emojis[done:due], strict=True):
            who = Viewer(f"viewer-{viewer}", streams[place].stream_id, "viewer", 0)
            edges[viewer % crowd.gateways].taps.tap(who, {EMOJIS[emoji]: 1})
        done = due
        await asyncio.sleep(_TICK_S)
    left = sum([await edge.flusher.drain(_DRAIN_S) for edge in edges])
    for edge in edges:
        await edge.outbox.close()
    if left:
        raise OvationError(f"Kafka did not take {left:,} taps within {_DRAIN_S:.0f} s.")
