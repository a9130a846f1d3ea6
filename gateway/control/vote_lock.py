"""Locks a poll's rules at its first vote, among all gateways, by a hash in Redis (contracts.redis_keys.poll_lock).

A gateway registers before the first vote that it takes of a poll; an editor announces which revision it is about to
follow. Whoever comes second is refused. An announcement lasts as long as the edit may still reach `control`, and binds
only gateways that have not seen what came of it. Without Redis votes go on, and nobody edits.
"""

import asyncio

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts import redis_keys
from contracts.redis_keys import PollField
from gateway import problems
from gateway.clock import Clock
from gateway.control.model import Poll, Record
from gateway.control.table import ControlTable
from gateway.refusal import Refused

log = structlog.get_logger(__name__)

_MARGIN_MS = 2_000
_TIMEOUT_S = 0.5

# Both take the time of Redis, the one clock that all gateways share.
_REGISTER = """
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local editing_until = tonumber(redis.call('HGET', KEYS[1], 'editing_until') or 0)
local editing = tonumber(redis.call('HGET', KEYS[1], 'editing') or 0)
if now_ms < editing_until and tonumber(ARGV[1]) <= editing then return 0 end
redis.call('HSET', KEYS[1], 'voted', 1)
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""

_EDIT = f"""
if redis.call('HGET', KEYS[1], 'voted') then return 0 end
if tonumber(redis.call('HGET', KEYS[2], '{PollField.RECEIVED}') or 0) > 0 then return 0 end
local time = redis.call('TIME')
local until_ms = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[3])
local editing = tonumber(redis.call('HGET', KEYS[1], 'editing') or 0)
redis.call('HSET', KEYS[1], 'editing_until', until_ms, 'editing', math.max(editing, tonumber(ARGV[1])))
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""

_RULES = (
    *("question", "options", "max_choices", "allow_change", "allow_withdraw"),
    *("results", "correct", "eligibility"),
)


class VoteLock:
    """What this gateway knows of the locks. `write_ms` is how long a record may be on its way to `control`."""

    def __init__(
        self, redis: Redis, table: ControlTable, clock: Clock, write_ms: int, *, has_regions: bool = False
    ) -> None:
        self._has_regions = has_regions
        self._register_script = redis.register_script(_REGISTER)
        self._edit_script = redis.register_script(_EDIT)
        self._clock = clock
        self._hold_ms = write_ms + _MARGIN_MS
        self._known: dict[str, Poll] = {}
        self._asking: dict[str, asyncio.Task[bool]] = {}
        table.listen(self._heard, self._known.clear)

    def knows(self, poll: Poll) -> bool:
        """Return whether this gateway has registered the poll's first vote."""
        return poll.key in self._known

    async def register(self, poll: Poll) -> None:
        """Lock the poll's rules; all votes that wait for this share one question to Redis.

        Raises Refused while the poll is being edited. If Redis is away the vote goes on; `restore` makes up for it.
        """
        asking = self._asking.get(poll.key)
        if asking is None:
            asking = self._asking[poll.key] = asyncio.create_task(self._register(poll))
            asking.add_done_callback(lambda _: self._asking.pop(poll.key))
        if not await asyncio.shield(asking):
            raise Refused(problems.TOO_MUCH_WAITING, "The poll is being edited; vote again in a second.")

    async def admit(self, before: Poll, after: Poll) -> None:
        """Let an edit of a poll pass, as `ControlWriter.change` asks for.

        Raises Refused if it touches rules, or an opening that is due, after the first vote, or when Redis cannot say;
        where there are several regions, once the poll has opened. One that will open only after the edit has long been
        made, and a change of nothing but the closing time, pass unasked.
        """
        opening_ms = before.opening_ms
        if opening_ms is None or opening_ms > self._clock() + self._hold_ms:
            return
        # Put off in its last moment it may have opened elsewhere, and have votes when its rules are edited.
        is_put_off = after.opening_ms != opening_ms
        if not is_put_off and all(getattr(before, name) == getattr(after, name) for name in _RULES):
            return
        # Who has voted in another region is not known here.
        if self._has_regions or self.knows(before) or not await self._announce(before):
            raise Refused(problems.LOCKED_POLL)

    async def restore(self) -> None:
        """Write down again what an emptied Redis has forgotten. Raises RedisError, OSError or TimeoutError."""
        for poll in list(self._known.values()):
            await self._ask_to_register(poll)

    async def _register(self, poll: Poll) -> bool:
        try:
            registered = await self._ask_to_register(poll)
        except (RedisError, OSError, TimeoutError) as error:
            log.info("a first vote is not registered in redis", key=poll.key, reason=type(error).__name__)
            registered = True
        if registered:
            self._known[poll.key] = poll
        return registered

    async def _ask_to_register(self, poll: Poll) -> bool:
        keys = [redis_keys.poll_lock(poll.stream_id, poll.poll_id)]
        async with asyncio.timeout(_TIMEOUT_S):
            return bool(await self._register_script(keys=keys, args=[poll.revision, redis_keys.STREAM_TTL_S]))

    async def _announce(self, poll: Poll) -> bool:
        ids = (poll.stream_id, poll.poll_id)
        keys = [redis_keys.poll_lock(*ids), redis_keys.poll(*ids)]
        args = [poll.revision, redis_keys.STREAM_TTL_S, self._hold_ms]
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                return bool(await self._edit_script(keys=keys, args=args))
        except (RedisError, OSError, TimeoutError) as error:
            raise Refused(problems.REDIS_UNREACHABLE) from error

    def _heard(self, record: Record) -> None:
        if isinstance(record, Poll) and record.status in ("final", "cancelled"):
            self._known.pop(record.key, None)
