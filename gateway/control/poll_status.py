"""The status of polls in Redis, for dashboards and for the job's messages. `control` is where it stands.

Every status is written with the revision that it belongs to, so that of two gateways the slower one does no harm.
"""

from collections.abc import Sequence

from redis.asyncio import Redis

from contracts import redis_keys
from contracts.redis_keys import PollField
from gateway.control.model import Poll

_WRITE = f"""
local newest = tonumber(redis.call('HGET', KEYS[2], 'revision') or 0)
if newest > tonumber(ARGV[2]) and redis.call('HEXISTS', KEYS[1], '{PollField.STATUS}') == 1 then return 0 end
redis.call('HSET', KEYS[1], '{PollField.STATUS}', ARGV[1], '{PollField.IS_FINAL}', ARGV[1] == 'final' and '1' or '0')
redis.call('HSET', KEYS[2], 'revision', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3], 'NX')
redis.call('EXPIRE', KEYS[2], ARGV[3])
return 1
"""


class PollStatuses:
    """Reads and writes them. Raises RedisError or OSError when Redis does not answer in time."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._write = redis.register_script(_WRITE)

    async def read(self, polls: Sequence[Poll]) -> list[str | None]:
        """Return the status of each poll as it stands in Redis; None where it is missing."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            for poll in polls:
                pipeline.hget(redis_keys.poll(poll.stream_id, poll.poll_id), PollField.STATUS)
            found = await pipeline.execute()
        return [None if status is None else status.decode() for status in found]

    async def write(self, poll: Poll) -> None:
        """Write a poll's status, unless a newer one stands there."""
        ids = (poll.stream_id, poll.poll_id)
        keys = [redis_keys.poll(*ids), redis_keys.poll_lock(*ids)]
        await self._write(keys=keys, args=[poll.status, poll.revision, redis_keys.STREAM_TTL_S])
