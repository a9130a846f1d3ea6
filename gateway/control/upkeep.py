"""Keeps in Redis what the gateways know of polls: their status, and which of them have votes.

A gateway writes the status of what it changed itself, at once. Every few seconds it looks at the newest changes and at
a few polls more: if one is missing, Redis was emptied, and all is written again, as also when Redis comes back.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from redis.exceptions import RedisError

from contracts.redis_keys import STREAM_TTL_S
from gateway.clock import Clock
from gateway.control.model import Poll, Record
from gateway.control.poll_status import PollStatuses
from gateway.control.table import ControlTable
from gateway.control.vote_lock import VoteLock
from gateway.tasks import end

log = structlog.get_logger(__name__)

_LOOK_EVERY_S = 2.0
_TICK_S = 0.25
_NEW_MS = 60_000
_SAMPLE = 50
_AT_ONCE = 500


class RedisUpkeep:
    """A task of its own; without Redis it waits."""

    def __init__(
        self,
        statuses: PollStatuses,
        vote_lock: VoteLock,
        table: ControlTable,
        clock: Clock,
        *,
        edge: str,
        redis_is_up: Callable[[], bool],
    ) -> None:
        self._statuses = statuses
        self._vote_lock = vote_lock
        self._table = table
        self._clock = clock
        self._edge = edge
        self._redis_is_up = redis_is_up
        self._changed: dict[str, Poll] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        table.listen(self._heard, self._changed.clear)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="redis-upkeep")

    async def close(self) -> None:
        await end(self._task)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        was_up, look_at = False, 0.0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_TICK_S):
                    await self._wake.wait()
            self._wake.clear()
            is_up = self._redis_is_up() and self._table.ready
            try:
                if is_up and not was_up:
                    await self._write_all()
                elif is_up:
                    await self._write_changed()
                    if loop.time() > look_at:
                        await self._look()
                        look_at = loop.time() + _LOOK_EVERY_S
                was_up = is_up
            except (RedisError, OSError, TimeoutError) as error:
                log.info("polls in redis cannot be kept", reason=type(error).__name__)
                was_up = False
                await asyncio.sleep(_TICK_S)

    async def _write_changed(self) -> None:
        while self._changed:
            poll = next(iter(self._changed.values()))
            await self._statuses.write(poll)
            if self._changed.get(poll.key) is poll:
                del self._changed[poll.key]

    async def _look(self) -> None:
        """Look at a few polls, and write what is not as it stands in control; if something is missing, write all."""
        recent = self._recent()
        new_ms = self._clock() - _NEW_MS
        sample = random.sample(recent, min(_SAMPLE, len(recent)))
        if await self._correct({poll.key: poll for poll in [*sample, *(each for each in recent if each.at > new_ms)]}):
            await self._write_all()

    async def _write_all(self) -> None:
        recent = self._recent()
        for start in range(0, len(recent), _AT_ONCE):
            await self._correct({poll.key: poll for poll in recent[start : start + _AT_ONCE]})
        await self._vote_lock.restore()

    async def _correct(self, polls: dict[str, Poll]) -> bool:
        """Write those that differ; return whether any was missing."""
        found = await self._statuses.read(list(polls.values()))
        for poll, status in zip(polls.values(), found, strict=True):
            if status != poll.status:
                await self._statuses.write(poll)
        return None in found

    def _recent(self) -> Sequence[Poll]:
        """Return the polls that Redis would still hold, had nothing happened to it."""
        oldest_ms = self._clock() - STREAM_TTL_S * 1000
        return [poll for poll in self._table.all_polls() if poll.status != "draft" and poll.at > oldest_ms]

    def _heard(self, record: Record) -> None:
        if isinstance(record, Poll) and record.edge == self._edge and record.status != "draft" and self._table.ready:
            self._changed[record.key] = record
            self._wake.set()
