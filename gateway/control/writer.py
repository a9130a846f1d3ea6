"""Writes to the topic `control`, as several gateways do at once. The log decides who was first.

A writer sends the successor of what it knows, and waits until the reader has met that revision: if its own record
stands then, the change is made; if another gateway's does, it looks at what stands now and tries again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from contextlib import asynccontextmanager
from typing import Any, Generic, NamedTuple
from zlib import crc32

from msgspec.structs import replace

from contracts import topics
from gateway import problems
from gateway.clock import Clock
from gateway.control.model import Record, encode
from gateway.control.table import ControlTable, R
from gateway.kafka.outbox import NotTaken, Outbox, Uncertain
from gateway.refusal import Refused

_LOCKS = 64
_ATTEMPTS = 4
_FAR = 1_000_000


class Written(NamedTuple, Generic[R]):
    """What stands after a change. `is_own`: whether this very call made it so."""

    record: R
    is_own: bool


class ControlWriter:
    """Creates and changes streams, polls and API keys. `deadline_s` is how long a caller waits."""

    def __init__(
        self, outbox: Outbox, table: ControlTable, clock: Clock, *, region: str, edge: str, deadline_s: float
    ) -> None:
        self._outbox = outbox
        self._table = table
        self._clock = clock
        self._place = {"region": region, "edge": edge}
        self._deadline_s = deadline_s
        # One change of a key at a time: gateways may meet in the log, callers of one gateway need not.
        self._locks = [asyncio.Lock() for _ in range(_LOCKS)]
        self._awaited: dict[str, tuple[int, asyncio.Future[Record]]] = {}
        table.listen(self._heard)

    def stamp(self, revision: int = 1) -> dict[str, Any]:
        """Return the members that say who writes a record and when: `region`, `edge`, `at`, `revision`."""
        return {**self._place, "at": self._clock(), "revision": revision}

    async def create(self, record: R, exists: Refused | None) -> R:
        """Write the first record of a key; return it once it stands.

        If something has the key already, raises `exists`, or, if that is None, returns what has it. Raises Refused when
        it is too early to say, or when Kafka does not confirm in time.
        """
        async with self._turn(record.key):
            if not self._table.ready:
                raise Refused(problems.STARTING)
            self._require_home(record)
            if self._table.standing(record.key) is None and await self._append(record) == record:
                return record
        if exists is not None:
            raise exists
        return self._table.newest(record)

    async def change(
        self,
        record: R,
        step: Callable[[R], R],
        *,
        admit: Callable[[R, R], Awaitable[None]] | None = None,
        only: Container[int] | None = None,
    ) -> Written[R]:
        """Apply `step` to what stands under the key of `record`, and write its outcome if that differs.

        `step` may be applied again, to what another gateway has made of it meanwhile; it raises Refused where it cannot
        be taken. `admit` is awaited with the record before and after, just before writing, and may raise Refused.
        `only` are the revisions to which the step applies; any other is Refused with 412.

        Raises Refused also when another region changes it, when others were faster again and again, or when Kafka does
        not confirm in time.
        """
        async with self._turn(record.key):
            self._require_home(record)
            for _ in range(_ATTEMPTS):
                before = self._table.newest(record)
                if only is not None and before.revision not in only:
                    raise Refused(problems.PRECONDITION_FAILED)
                after = step(before)
                if after == before:
                    return Written(before, is_own=False)
                if admit is not None:
                    await admit(before, after)
                    if self._table.newest(record) is not before:
                        continue
                after = replace(after, **self.stamp(before.revision + 1))
                if await self._append(after) == after:
                    return Written(after, is_own=True)
        raise Refused(problems.CONFLICT)

    async def move_here(self, record: R) -> R:
        """Let this region change what another one did until now; return what stands then.

        Its revision is far above any that the other one may have written since anything was heard of it, so whatever
        comes of that later is superseded. Raises Refused as `change` does, and while it is too early to say what has
        been heard of.
        """
        async with self._turn(record.key):
            if not self._table.ready:
                raise Refused(problems.STARTING)
            for _ in range(_ATTEMPTS):
                before = self._table.newest(record)
                if not self._table.is_of_another_region(before):
                    return before
                after = replace(before, **self.stamp(before.revision + _FAR))
                if await self._append(after) == after:
                    return after
        raise Refused(problems.CONFLICT)

    def _require_home(self, record: Record) -> None:
        home = self._table.home(record)
        if home is not None:
            raise Refused(problems.OTHER_REGION, f"Region {home} changes it.")

    @asynccontextmanager
    async def _turn(self, key: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._deadline_s), self._locks[crc32(key.encode()) % _LOCKS]:
                yield
        except (TimeoutError, NotTaken, Uncertain) as error:
            raise Refused(problems.KAFKA_UNREACHABLE) from error

    async def _append(self, record: Record) -> Record:
        """Return what stands of this key and revision, once the reader has met it."""
        echo: asyncio.Future[Record] = asyncio.get_running_loop().create_future()
        self._awaited[record.key] = (record.revision, echo)
        try:
            await self._outbox.send(topics.CONTROL.name, encode(record), key=record.key.encode(), partition=0)
            return await echo
        finally:
            del self._awaited[record.key]

    def _heard(self, record: Record) -> None:
        revision, echo = self._awaited.get(record.key, (0, None))
        if echo is not None and record.revision >= revision and not echo.done():
            echo.set_result(record)
