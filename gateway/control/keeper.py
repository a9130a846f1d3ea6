"""Writes to `control` what time has made of polls, so that who reads no clock knows too: jobs, Redis, a later gateway.

Every gateway does so for every poll, a random moment after its time, and usually one of them does before the others
begin. It also ends what a gateway that died left open in a stream that has ended.
"""

import asyncio
import random

import structlog

from gateway.clock import Clock
from gateway.control import changes
from gateway.control.model import OVER, Poll, Record, Stream
from gateway.control.table import ControlTable
from gateway.control.writer import ControlWriter
from gateway.refusal import Refused

log = structlog.get_logger(__name__)

_SPREAD_S = 0.3
_AGAIN_S = 1.0
_ENDING_MS = 2_000
"""As long as the gateway that ends a stream may take to end its polls."""
_LONGEST_S = 3_600.0
"""Timers and the clock drift apart, so a far time is looked at again."""


class Keeper:
    """A timer for every poll that something will happen to."""

    def __init__(self, table: ControlTable, writer: ControlWriter, clock: Clock) -> None:
        self._table = table
        self._writer = writer
        self._clock = clock
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        table.listen(self._heard, self._forget)

    def close(self) -> None:
        self._forget()
        for task in self._tasks:
            task.cancel()

    def _heard(self, record: Record) -> None:
        if isinstance(record, Poll):
            self._arm(record)
        elif isinstance(record, Stream):
            for poll in self._table.polls(record.stream_id):
                self._arm(poll)

    def _forget(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _arm(self, poll: Poll, least_s: float = 0) -> None:
        timer = self._timers.pop(poll.key, None)
        if timer is not None:
            timer.cancel()
        due_ms = self._due_ms(poll)
        if due_ms is None:
            return
        delay_s = max(least_s, (due_ms - self._clock()) / 1000) + random.uniform(0, _SPREAD_S)  # noqa: S311
        loop = asyncio.get_running_loop()
        self._timers[poll.key] = loop.call_later(min(delay_s, _LONGEST_S), self._begin, poll)

    def _due_ms(self, poll: Poll) -> int | None:
        """Return when the poll's next status begins, as far as time alone makes it."""
        if poll.status in OVER or self._table.home(poll) is not None:
            return None
        if self._has_ended(poll):
            return self._clock() + _ENDING_MS
        if poll.status == "scheduled":
            return poll.opens_at
        # A poll is open until its closing time, that moment included.
        return None if poll.status == "draft" or poll.closing_ms is None else poll.closing_ms + 1

    def _has_ended(self, poll: Poll) -> bool:
        return self._table.has_stream(poll.stream_id) and self._table.stream(poll.stream_id).status == "ended"

    def _begin(self, poll: Poll) -> None:
        del self._timers[poll.key]
        task = asyncio.create_task(self._keep(poll))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self, poll: Poll) -> None:
        try:
            if self._table.ready:
                poll = (await self._writer.change(poll, self._step)).record
        except Refused as refused:
            log.info("a poll's time is not written yet", key=poll.key, reason=refused.problem.name)
        if poll.key not in self._timers:
            self._arm(poll, least_s=_AGAIN_S)

    def _step(self, poll: Poll) -> Poll:
        step = changes.end_poll if self._has_ended(poll) else changes.keep_time
        return step(poll, self._clock())
