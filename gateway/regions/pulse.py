"""A sign of life from each region to the others, by the same mirror as its votes.

One gateway of a region at a time writes its region's pulse to `control` every two seconds, and in it when it heard
those of the others. So each region knows how long ago it heard of another, whatever is broken between them, and how far
apart their clocks are: as NTP reckons it (RFC 5905, section 8), from four readings of two clocks.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts import redis_keys, topics
from gateway import metrics
from gateway.clock import Clock
from gateway.control.model import Pulse, Record, encode
from gateway.control.table import ControlTable
from gateway.kafka.outbox import NotTaken, Outbox, Uncertain
from gateway.tasks import end

log = structlog.get_logger(__name__)

EVERY_S = 2.0
SILENT_S = 20.0
"""After so long without a pulse a region is said to be silent: its mirror has had time to start anew."""
MOST_APART_S = 1.0


@dataclass(slots=True)
class Heard:
    """The newest pulse of another region, and when it came, by this gateway's clock in ms."""

    pulse: Pulse
    at_ms: int

    def offset_ms(self, region: str) -> float | None:
        """Return how far the other clock is ahead of ours; None before that region has heard of `region`."""
        echo = self.pulse.heard.get(region)
        if echo is None:
            return None
        sent_ms, heard_there_ms = echo
        return ((heard_there_ms - sent_ms) + (self.pulse.at - self.at_ms)) / 2


class Pulses:
    """A task of its own. `region` is this gateway's, `others` are those that it expects to hear of."""

    def __init__(
        self,
        outbox: Outbox,
        redis: Redis,
        table: ControlTable,
        clock: Clock,
        *,
        region: str,
        edge: str,
        others: Collection[str],
        every_s: float = EVERY_S,
        silent_s: float = SILENT_S,
    ) -> None:
        self._outbox, self._redis, self._table, self._clock = outbox, redis, table, clock
        self._region, self._edge, self._others = region, edge, others
        self._every_s, self._silent_s = every_s, silent_s
        self._heard: dict[str, Heard] = {}
        self._since_ms = clock()
        self._silent: set[str] = set()
        self._apart: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        table.listen(self._hear, self._heard.clear)

    def start(self) -> None:
        if self._others:
            self._task = asyncio.create_task(self._run(), name="pulses")

    async def close(self) -> None:
        await end(self._task)

    def silent(self) -> list[str]:
        """Return the regions of which nothing has been heard for too long."""
        return [region for region in self._others if self._silence_s(region) > self._silent_s]

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            try:
                if self._table.ready and await self._is_my_turn():
                    await self._beat()
            except (RedisError, OSError, TimeoutError, NotTaken, Uncertain) as error:
                log.info("the region's pulse is not written", reason=type(error).__name__)
            self._show()

    async def _is_my_turn(self) -> bool:
        """Return whether no other gateway of this region has written a pulse just now."""
        lasts_ms = int(self._every_s * 800)
        return bool(await self._redis.set(redis_keys.PULSE, self._edge, nx=True, px=lasts_ms))

    async def _beat(self) -> None:
        now_ms = self._clock()
        pulse = Pulse(
            region=self._region,
            edge=self._edge,
            at=now_ms,
            revision=now_ms,
            heard={region: (heard.pulse.at, heard.at_ms) for region, heard in self._heard.items()},
        )
        await self._outbox.send(topics.CONTROL.name, encode(pulse), key=pulse.key.encode(), partition=0)

    def _hear(self, record: Record) -> None:
        if isinstance(record, Pulse) and record.region in self._others:
            self._heard[record.region] = Heard(record, self._clock())

    def _silence_s(self, region: str) -> float:
        heard = self._heard.get(region)
        return (self._clock() - (self._since_ms if heard is None else heard.at_ms)) / 1000

    def _show(self) -> None:
        for region in self._others:
            metrics.REGION_SILENT.labels(region).set(self._silence_s(region))
            heard = self._heard.get(region)
            offset_ms = None if heard is None else heard.offset_ms(self._region)
            if offset_ms is not None:
                metrics.REGION_CLOCK.labels(region).set(offset_ms / 1000)
            self._tell(region, offset_ms)

    def _tell(self, region: str, offset_ms: float | None) -> None:
        """Log what has begun or ended since the last look."""
        if _turned(self._silent, region, self._silence_s(region) > self._silent_s):
            if region in self._silent:
                log.error(
                    "nothing is heard of another region: it is lost, or its records are not mirrored here",
                    region=region,
                    topic=f"{region}.{topics.CONTROL.name}",
                )
            else:
                log.info("another region is heard of again", region=region)
        is_apart = offset_ms is not None and abs(offset_ms) > MOST_APART_S * 1000
        if _turned(self._apart, region, is_apart) and is_apart:
            log.error(
                "the clock of another region differs: which of a voter's votes in two regions counts goes by clocks",
                region=region,
                ahead_ms=round(offset_ms or 0),
            )


def _turned(known: set[str], region: str, now: bool) -> bool:
    """Note whether something holds of a region; return whether that has changed."""
    if now == (region in known):
        return False
    (known.add if now else known.discard)(region)
    return True
