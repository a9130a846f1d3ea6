"""Looks after every closed poll until it is final: when to try, when to try again, and when to raise the alarm."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog
from kafka.errors import KafkaError
from redis.exceptions import RedisError

from contracts import topics
from gateway import metrics
from gateway.clock import Clock
from gateway.control.model import Poll, Record, Seal
from gateway.control.reader import LEASE_S
from gateway.control.table import ControlTable
from gateway.final.attempt import Case, Outcome
from gateway.final.numbers import Accounts
from gateway.refusal import Refused
from gateway.tasks import end
from gateway.votes.batcher import TOO_OLD_S

log = structlog.get_logger(__name__)

_MARGIN_MS = round(1000 * (LEASE_S + TOO_OLD_S))
"""Added to the time that a record of votes may take to Kafka: so long a gateway that has not heard of the closing may
take votes, and so long these may wait for the record that they go in."""
_SPREAD_S = 0.3
_FIRST_WAIT_S = 0.5
_WAIT_FACTOR = 1.6
_LONGEST_WAIT_S = 30.0
_TAKEN_WAIT_S = 2.0
_AT_ONCE = 4
_AWAY = (Refused, RedisError, KafkaError, OSError, TimeoutError)


class Finaliser:
    """A timer for every closed poll. `vote_deadline_ms` is how long a vote may take from its gateway to Kafka."""

    def __init__(
        self, table: ControlTable, attempt: Callable[[Case], Awaitable[Outcome]], clock: Clock, vote_deadline_ms: int
    ) -> None:
        self._table = table
        self._attempt = attempt
        self._clock = clock
        self._after_ms = vote_deadline_ms + _MARGIN_MS
        self._cases: dict[str, Case] = {}
        self._different: set[str] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        table.listen(self._heard, self._forget)

    async def close(self) -> None:
        """Try no more. What is under way is given up; another gateway goes on with it."""
        self._forget()
        await asyncio.gather(*map(end, self._tasks))

    def waiting(self, stream_id: str) -> dict[str, Accounts | None]:
        """Return the closed polls of a stream that are not final; with both accounts those whose accounts differ."""
        return {
            case.poll.poll_id: case.before if key in self._different else None
            for key, case in self._cases.items()
            if case.poll.stream_id == stream_id
        }

    def _heard(self, record: Record) -> None:
        if isinstance(record, Seal):
            self._look_soon(topics.poll_key(record.stream_id, record.poll_id))
        if not isinstance(record, Poll):
            return
        if record.status != "closed":
            self._drop(record.key)
        elif (case := self._cases.get(record.key)) is not None and case.poll.closing_ms == record.closing_ms:
            case.poll = record
        else:
            # One that was closed otherwise, by a region that had not heard of this closing, is another case.
            self._drop(record.key)
            self._cases[record.key] = Case(record)
            # By then every vote in time is in Kafka, or its gateway has given it up. Gateways of this region took votes
            # until they heard of the closing, which from another region may have come late.
            now_ms = self._clock()
            closing_ms = record.deadline_ms or record.at
            heard_ms = max(closing_ms, now_ms) if self._table.is_of_another_region(record) else closing_ms
            self._arm(record.key, max(0, heard_ms + self._after_ms - now_ms) / 1000)
        self._show()

    def _forget(self) -> None:
        for key in list(self._cases):
            self._drop(key)
        self._show()

    def _drop(self, key: str) -> None:
        self._cases.pop(key, None)
        self._different.discard(key)
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()

    def _look_soon(self, key: str) -> None:
        """Do not wait as long as planned for a case that has been tried before: what it waits for may have come."""
        timer = self._timers.get(key)
        if timer is not None and self._cases[key].wait_s > 0:
            timer.cancel()
            self._cases[key].wait_s = 0.0
            self._arm(key, 0)

    def _arm(self, key: str, wait_s: float) -> None:
        wait_s += random.uniform(0, _SPREAD_S)  # noqa: S311
        self._timers[key] = asyncio.get_running_loop().call_later(wait_s, self._begin, key)

    def _begin(self, key: str) -> None:
        del self._timers[key]
        task = asyncio.create_task(self._work(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, key: str) -> None:
        case = self._cases.get(key)
        outcome: Outcome | None = None
        async with self._turns:
            # While the log is read from its beginning, what looks closed may have been final for long.
            if case is not None and self._cases.get(key) is case and self._table.ready:
                outcome = await self._outcome(case)
        if case is None or self._cases.get(key) is not case:
            return
        if outcome == "different":
            self._alarm(key, case)
        elif outcome in ("moving", "final"):
            self._different.discard(key)
        if outcome == "taken":
            self._arm(key, _TAKEN_WAIT_S)
        else:
            case.wait_s = min(max(_FIRST_WAIT_S, case.wait_s * _WAIT_FACTOR), _LONGEST_WAIT_S)
            self._arm(key, case.wait_s)
        self._show()

    async def _outcome(self, case: Case) -> Outcome | None:
        try:
            return await self._attempt(case)
        except _AWAY as error:
            reason = error.problem.name if isinstance(error, Refused) else type(error).__name__
            log.warning("a poll cannot be made final yet", key=case.poll.key, reason=reason)
        except Exception:
            log.exception("an attempt to make a poll final failed", key=case.poll.key)
        return None

    def _alarm(self, key: str, case: Case) -> None:
        self._different.add(key)
        assert case.before is not None
        live, recount = case.before
        log.error(
            "live tally and recount of a poll differ",
            stream_id=case.poll.stream_id,
            poll_id=case.poll.poll_id,
            live=live.members(),
            recount=recount.members(),
        )

    def _show(self) -> None:
        metrics.POLLS_NOT_FINAL.set(len(self._cases))
        metrics.RECOUNT_MISMATCH.set(len(self._different))
