"""One run of publications, and what the sockets of a server saw of them.

A delay begins when a publication is sent to Redis, and ends when a socket shows that state or a newer one. So what the
gateway waits for, at most one interval between two messages, is in it.
"""

import asyncio
import time
from dataclasses import dataclass

from bench.last_mile.bare import Bare
from bench.last_mile.delays import delays, missing
from bench.last_mile.gateway import Gateway
from bench.last_mile.publisher import Publisher
from bench.last_mile.usage import TICK_S, cpu_s, memory_kb
from bench.last_mile.watchers import Watchers
from ovation.audience.latencies import Latencies

_WARM_UP_S = 1.0
_SETTLE_S = 0.5


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
        return self.frames / max(self.cpu_s, TICK_S)

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
        await publisher.run(per_s, _WARM_UP_S)
        await asyncio.sleep(_SETTLE_S)
        watchers.arrivals()
        memory, cpu = memory_kb(gateway.pid), cpu_s(gateway.pid)
        sent = await publisher.run(per_s, seconds)
        await asyncio.sleep(_SETTLE_S)
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


def deliver_bare(server: Bare, sockets: int, per_s: float, seconds: float) -> Delivered:
    """Let a bare server write its frames as often."""
    with Watchers(("127.0.0.1", server.port), "/", [""] * sockets) as watchers:
        server.write(per_s, _WARM_UP_S)
        time.sleep(_SETTLE_S)
        watchers.arrivals()
        cpu = cpu_s(server.pid)
        sent = server.write(per_s, seconds)
        time.sleep(_SETTLE_S)
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
        await asyncio.sleep(_SETTLE_S)
    before = memory_kb(gateway.pid)
    tokens = gateway.tokens(stream_id, sockets)
    watchers = await asyncio.to_thread(Watchers(gateway.address, path, tokens).__enter__)
    try:
        await asyncio.sleep(seconds)
        return (memory_kb(gateway.pid) - before) / sockets
    finally:
        watchers.close()
