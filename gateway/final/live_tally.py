"""The live account of a poll: the hash in Redis that screens are fed from."""

from collections.abc import Awaitable, Mapping
from typing import cast

from redis.asyncio import Redis

from contracts import redis_keys
from contracts.redis_keys import PollField
from gateway.final.numbers import OUTCOMES, Numbers


async def read_tally(redis: Redis, stream_id: str, poll_id: str) -> Numbers:
    """Return the numbers in Redis; all are 0 where nobody voted. Raises RedisError or OSError."""
    fields = await cast(Awaitable[dict[bytes, bytes]], redis.hgetall(redis_keys.poll(stream_id, poll_id)))
    return _numbers({name.decode(): value for name, value in fields.items()})


def _numbers(fields: Mapping[str, bytes]) -> Numbers:
    names = (PollField.RECEIVED, *OUTCOMES)
    votes = {
        name.removeprefix(PollField.OPTION): int(value)
        for name, value in fields.items()
        if name.startswith(PollField.OPTION)
    }
    return Numbers(
        votes={option_id: count for option_id, count in votes.items() if count},
        **{name: int(fields.get(name, 0)) for name in names},
    )
