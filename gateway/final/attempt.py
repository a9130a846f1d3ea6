"""One attempt to make a closed poll final."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

import structlog
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import RedisError

from contracts import redis_keys
from gateway.clock import Clock
from gateway.control import changes
from gateway.control.model import Poll
from gateway.control.table import ControlTable
from gateway.control.writer import ControlWriter
from gateway.final.live_tally import read_tally
from gateway.final.numbers import Accounts, judge
from gateway.final.progress import Offsets, VotesProgress
from gateway.final.recount import Ballots
from gateway.final.seals import Seals
from gateway.tasks import end

log = structlog.get_logger(__name__)

_LOCK_S = 15.0
"""How long a gateway that dies keeps the others waiting. One that lives renews it."""

Outcome = Literal["final", "taken", "behind", "sealed", "apart", "moving", "different"]
"""`taken`: another gateway is at it. `behind`: not every vote is in both stores. `sealed`: another region goes on, and
knows what this one has. `apart`: votes of another region are missing. `moving`: late votes come in just now.
`different`: live tally and recount are not the same."""


@dataclass(slots=True)
class Case:
    """A closed poll, and what the attempts so far have found. `ends` is how far both stores must come."""

    poll: Poll
    wait_s: float = 0.0
    ends: Offsets | None = None
    before: Accounts | None = None


class Attempt:
    """Compares live tally and recount once both are whole, and writes the result if they are equal."""

    def __init__(
        self,
        redis: Redis,
        progress: VotesProgress,
        ballots: Ballots,
        writer: ControlWriter,
        clock: Clock,
        edge: str,
        table: ControlTable,
        seals: Seals | None = None,
    ) -> None:
        self._table = table
        self._seals = seals
        """None where there is one region."""
        self._redis = redis
        self._progress = progress
        self._ballots = ballots
        self._writer = writer
        self._clock = clock
        self._edge = edge

    async def __call__(self, case: Case) -> Outcome:
        """Try once. Raises Refused, RedisError, KafkaError, OSError or TimeoutError when a part is away."""
        key = redis_keys.poll_recount(case.poll.stream_id, case.poll.poll_id)
        # It only spares work: should it run out, `control` still takes one result.
        lock = self._redis.lock(key, timeout=_LOCK_S, blocking=False, thread_local=False)
        if not await lock.acquire(token=f"{self._edge} {uuid4().hex}"):
            return "taken"
        holding = asyncio.create_task(_hold(lock))
        try:
            return await self._try(case)
        finally:
            await end(holding)
            with suppress(RedisError, OSError):
                await lock.release()

    async def _try(self, case: Case) -> Outcome:
        return await self._hindrance(case) or await self._compare(case)

    async def _hindrance(self, case: Case) -> Outcome | None:
        """Return why the accounts cannot be compared yet, or not here."""
        poll, seals = case.poll, self._seals
        is_elsewhere = self._table.home(poll) is not None
        if is_elsewhere and seals is not None and seals.is_sealed(poll):
            return "sealed"
        if case.ends is None:
            case.ends = await self._progress.ends()
        if not await self._progress.has_passed(case.ends):
            return "behind"
        if seals is None:
            return None
        if not seals.is_sealed(poll):
            await seals.write(poll)
        if is_elsewhere:
            return "sealed"
        if missing := await seals.missing(poll):
            log.info("a poll waits for other regions", key=poll.key, regions=missing)
            return "apart"
        return None

    async def _compare(self, case: Case) -> Outcome:
        poll = case.poll
        live = await read_tally(self._redis, poll.stream_id, poll.poll_id)
        accounts = Accounts(live, await self._ballots.recount(poll.stream_id, poll.poll_id))
        verdict = judge(poll, accounts, case.before)
        case.ends, case.before = None, accounts
        if verdict != "equal":
            return verdict
        digest, ballots = await self._ballots.digest(poll.stream_id, poll.poll_id)
        if ballots != accounts.recount.voters:
            log.warning("the list of ballots is not as long as the recount", key=poll.key, ballots=ballots)
            return "moving"
        result = accounts.recount.result(poll, digest)
        written = await self._writer.change(poll, lambda known: changes.finish_poll(known, result, self._clock()))
        if written.is_own:
            log.info("a poll is final", stream_id=poll.stream_id, poll_id=poll.poll_id, voters=result.voters)
        return "final"


async def _hold(lock: Lock) -> None:
    with suppress(RedisError, OSError):
        while True:
            await asyncio.sleep(_LOCK_S / 3)
            await lock.reacquire()
