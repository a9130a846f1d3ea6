"""Pollers of snapshots over HTTP: each asks once a second on a connection of its own, as a page without a socket does.

A latency begins when the question was due. An answer is taken apart only as far as to know which state it shows.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import cast

import httptools

from bench.last_mile.lean_sockets import NUMBER
from ovation.audience.latencies import Latencies

LAST_ANSWER_S = 10.0
_PERIOD_S = 1.0
_MAX_AGE = re.compile(rb"max-age=(\d+)")
_WHILE_REVALIDATE = re.compile(rb"stale-while-revalidate=(\d+)")


@dataclass(slots=True)
class Polled:
    """What all pollers saw. `shown` are times (`time.monotonic`) and the number of the state that was shown then."""

    latencies: Latencies = field(default_factory=Latencies)
    statuses: Counter[int] = field(default_factory=Counter)
    caches: Counter[str] = field(default_factory=Counter)
    """What the cache said that it did, by its own words."""
    shown: list[tuple[float, int]] = field(default_factory=list)
    numbers: dict[bytes, int] = field(default_factory=dict)
    """The number of the state behind each entity tag."""
    promised_s: int = 0
    """The oldest that an answer may be, by the gateway's own rules."""
    late: int = 0
    """Questions that were due before the one before them was answered."""

    @property
    def hit_share(self) -> float:
        """Return which share of the questions was answered without a gateway."""
        return (self.caches["HIT"] + self.caches["STALE"] + self.caches["UPDATING"]) / max(self.caches.total(), 1)

    def ages(self, sent: Mapping[int, float]) -> Latencies:
        """Return for how long each answer had been overtaken: since the next publication was sent."""
        found = Latencies()
        for at, number in self.shown:
            overtaken = sent.get(number + 1)
            found.add(max(at - overtaken, 0.0) if overtaken is not None else 0.0)
        return found


async def poll(address: tuple[str, int], path: str, pollers: int, seconds: float, seed: int = 1) -> Polled:
    """Let so many pollers ask for `path`, and return when their last questions are answered."""
    loop, polled, random = asyncio.get_running_loop(), Polled(), Random(seed)  # noqa: S311 - a run to be had again
    crowd = [_Poller(polled, path) for _ in range(pollers)]
    for each in crowd:
        await loop.create_connection(lambda each=each: each, *address)  # type: ignore[misc]
    began = time.monotonic()
    await asyncio.gather(*(each.run(began + random.uniform(0, _PERIOD_S), began + seconds, random) for each in crowd))
    for each in crowd:
        each.close()
    return polled


class _Poller(asyncio.Protocol):
    def __init__(self, polled: Polled, path: str) -> None:
        self._polled = polled
        self._head = f"GET {path} HTTP/1.1\r\nhost: ovation\r\n".encode()
        self._parser = httptools.HttpResponseParser(self)
        self._answered = asyncio.Event()
        self._tag = self._new_tag = b""
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    async def run(self, due: float, until: float, random: Random) -> None:
        """Ask once a period, give or take a tenth. Raises TimeoutError for an answer that does not come."""
        while due < until:
            wait_s = due - time.monotonic()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            else:
                self._polled.late += 1
            self._answered.clear()
            known = b"if-none-match: %b\r\n" % self._tag if self._tag else b""
            self._transport.write(self._head + known + b"\r\n")
            async with asyncio.timeout(LAST_ANSWER_S):
                await self._answered.wait()
            self._polled.latencies.add(time.monotonic() - due)
            due += _PERIOD_S * random.uniform(0.9, 1.1)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        name = name.lower()
        if name == b"etag":
            self._new_tag = value
        elif name == b"x-cache":
            self._polled.caches[value.decode()] += 1
        elif name == b"cache-control" and not self._polled.promised_s:
            rules = (_MAX_AGE.search(value), _WHILE_REVALIDATE.search(value))
            self._polled.promised_s = sum(int(rule[1]) for rule in rules if rule)

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._body += body

    def on_message_complete(self) -> None:
        """Called by the parser when an answer is whole."""
        status = self._parser.get_status_code()
        self._polled.statuses[status] += 1
        if status == 200 and (found := NUMBER.search(self._body)) is not None:
            self._polled.numbers[self._new_tag] = int(found[1])
            self._tag = self._new_tag
        self._body = b""
        if self._new_tag in self._polled.numbers:
            self._polled.shown.append((time.monotonic(), self._polled.numbers[self._new_tag]))
        self._answered.set()
