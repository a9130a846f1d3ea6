"""Writes a record of `control` again where one that came too late to stand covers it.

Compaction keeps the last record of a key, whichever stands. So what stands is appended once more: at once by the
gateway whose record lost, and a little later by any other that has not seen it happen, because that one may be dead.
What stands by the log of another region is that region's to keep.
"""

import asyncio
import random

import structlog

from contracts import topics
from gateway.control.model import Record, encode
from gateway.control.table import ControlTable, Verdict
from gateway.kafka.outbox import NotTaken, Outbox, Uncertain

log = structlog.get_logger(__name__)

_PATIENCE_S = 2.0
_SPREAD_S = 1.0


class Repair:
    """Sees every record of this region's log with its verdict, in order."""

    def __init__(self, outbox: Outbox, table: ControlTable, edge: str) -> None:
        self._outbox = outbox
        self._table = table
        self._edge = edge
        self._due: dict[str, asyncio.TimerHandle] = {}
        self._sent: set[asyncio.Task[None]] = set()

    def see(self, record: Record, verdict: Verdict) -> None:
        """Take note of a record of the log: a rejected one covers what stands, any other uncovers it."""
        timer = self._due.pop(record.key, None)
        if timer is not None:
            timer.cancel()
        if verdict == "rejected":
            is_own = record.edge == self._edge and self._table.ready
            self._plan(record.key, 0 if is_own else _PATIENCE_S + random.uniform(0, _SPREAD_S))  # noqa: S311

    def close(self) -> None:
        for timer in self._due.values():
            timer.cancel()
        for task in self._sent:
            task.cancel()

    def _plan(self, key: str, delay_s: float) -> None:
        self._due[key] = asyncio.get_running_loop().call_later(delay_s, self._repair, key)

    def _repair(self, key: str) -> None:
        standing = self._table.standing(key)
        if standing is None or self._table.is_of_another_region(standing):
            del self._due[key]
            return
        # Until its own record comes back by the log, this may have failed.
        self._plan(key, _PATIENCE_S + random.uniform(0, _SPREAD_S))  # noqa: S311
        if self._table.ready:
            task = asyncio.create_task(self._append(standing))
            self._sent.add(task)
            task.add_done_callback(self._sent.discard)

    async def _append(self, standing: Record) -> None:
        log.info("what stands in control is written again", key=standing.key, revision=standing.revision)
        try:
            await self._outbox.send(topics.CONTROL.name, encode(standing), key=standing.key.encode(), partition=0)
        except (NotTaken, Uncertain) as error:
            log.warning("control could not be repaired yet", key=standing.key, reason=str(error))
