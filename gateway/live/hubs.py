"""All streams that this gateway follows: a hub each, one subscription, and a regular look at Redis.

Without Redis the hubs go on showing what they know.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import msgspec
import structlog
from redis.exceptions import RedisError

from gateway import metrics
from gateway.clock import Clock
from gateway.control.model import Poll, Record, Stream
from gateway.control.table import ControlTable
from gateway.live.hub import StreamHub
from gateway.live.presence import PRESENCE_S, Presence
from gateway.live.redis_feed import RedisFeed
from gateway.live.redis_state import RedisState

log = structlog.get_logger(__name__)

_LINGER_S = 10.0
"""How long a hub outlives its last use: a CDN that asks every second keeps it."""
_RESYNC_S = 5.0
_FIRST_PICTURE_S = 1.0
_READS_AT_ONCE = 16
"""A reconnection makes every hub read its state; this bounds the connections that it takes."""


class LiveHubs:
    """Opens a hub for who asks, and closes those that nobody needs."""

    def __init__(self, redis_url: str, table: ControlTable, clock: Clock, edge: str) -> None:
        self._table = table
        self._clock = clock
        self._presence = Presence(redis_url, edge, clock)
        self._hubs: dict[str, StreamHub] = {}
        self._used_at: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._reading = asyncio.Semaphore(_READS_AT_ONCE)
        self._state = RedisState(redis_url)
        self._feed = RedisFeed(redis_url, self._message, self._subscribed)
        table.listen(self._control)

    def start(self) -> None:
        self._feed.start()
        self._spawn(self._look_after())
        self._spawn(self._count_viewers())

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for hub in self._hubs.values():
            hub.close()
        await self._presence.close()
        await self._feed.close()
        await self._state.close()

    @property
    def redis_is_up(self) -> bool:
        """Whether Redis answers, of a cluster every master."""
        return self._feed.up

    @property
    def redis_answers(self) -> bool:
        """Whether Redis answers, of a cluster any master."""
        return self._feed.partly_up

    async def open(self, stream_id: str) -> StreamHub:
        """Return the stream's hub, with its picture if Redis gives one within a second.

        Raises Refused if there is no such stream.
        """
        self._table.stream(stream_id)
        hub = self._hubs.get(stream_id)
        if hub is None:
            hub = self._hubs[stream_id] = StreamHub(stream_id, self._table, self._clock, self._presence.changed)
            self._feed.follow(stream_id)
            metrics.STREAMS_WATCHED.set(len(self._hubs))
        self._used_at[stream_id] = asyncio.get_running_loop().time()
        if not hub.filled.is_set() and self._feed.is_up_for(stream_id):
            with suppress(TimeoutError):
                async with asyncio.timeout(_FIRST_PICTURE_S):
                    await hub.filled.wait()
        return hub

    async def refresh(self, hub: StreamHub) -> None:
        """Read the hub's state from Redis; if Redis is away, the hub keeps what it knows."""
        # A final poll's numbers stand in control.
        polls = self._table.polls(hub.stream_id)
        poll_ids = [poll.poll_id for poll in polls if poll.status not in ("draft", "final")]
        now_ms = self._clock()
        try:
            async with self._reading:
                state = await self._state.read(hub.stream_id, poll_ids, now_ms)
        except (RedisError, OSError, ValueError) as error:
            log.info("live state cannot be read", stream_id=hub.stream_id, reason=type(error).__name__)
            return
        if state.merge_into(hub.picture, now_ms):
            hub.take_state()
        hub.fill()
        hub.meter.see(hub.picture)

    def taps_left(self, stream_id: str, at_ms: int) -> None:
        """Note taps that leave for Kafka, taken at this time, of a stream whose picture may be followed."""
        hub = self._hubs.get(stream_id)
        if hub is not None:
            hub.meter.left(at_ms)

    def _message(self, stream_id: str, raw: bytes) -> None:
        hub = self._hubs.get(stream_id)
        if hub is None:
            return
        try:
            hub.take_message(raw)
            if hub.filled.is_set():  # Until then nobody knows how much of it is new.
                hub.meter.see(hub.picture)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            metrics.LIVE_MALFORMED.inc()
            log.warning("malformed message on pub/sub", stream_id=stream_id, reason=str(error))

    def _subscribed(self, stream_id: str) -> None:
        hub = self._hubs.get(stream_id)
        if hub is not None:
            self._spawn(self.refresh(hub))

    def _control(self, record: Record) -> None:
        if isinstance(record, Stream | Poll):
            hub = self._hubs.get(record.stream_id)
            if hub is not None:
                hub.take_control(record)

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(_RESYNC_S)
            now = asyncio.get_running_loop().time()
            for stream_id, hub in list(self._hubs.items()):
                if hub.watched:
                    self._used_at[stream_id] = now
                elif now - self._used_at[stream_id] > _LINGER_S:
                    self._forget(hub)
                    continue
                if self._feed.is_up_for(stream_id):
                    await self.refresh(hub)

    async def _count_viewers(self) -> None:
        while True:
            await asyncio.sleep(PRESENCE_S)
            await self._presence.beat(self._hubs.values())
            metrics.VIEWERS.set(sum(hub.screens.viewers for hub in self._hubs.values()))

    def _forget(self, hub: StreamHub) -> None:
        hub.close()
        self._presence.forget(hub.stream_id)
        del self._hubs[hub.stream_id], self._used_at[hub.stream_id]
        self._feed.unfollow(hub.stream_id)
        metrics.STREAMS_WATCHED.set(len(self._hubs))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
