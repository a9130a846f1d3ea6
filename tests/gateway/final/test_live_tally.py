from dataclasses import asdict

from redis.asyncio import Redis

from contracts import redis_keys
from gateway.final.live_tally import read_tally
from tests.gateway.final.stores import NUMBERS, VOTES, write_live


async def test_every_number_is_read(redis: Redis) -> None:
    await write_live(redis, "live-tally", "best", votes={**VOTES, "4": 0})
    assert asdict(await read_tally(redis, "live-tally", "best")) == {"votes": VOTES, **NUMBERS}


async def test_without_votes_every_number_is_zero(redis: Redis) -> None:
    await redis.hset(redis_keys.poll("live-tally", "empty"), "status", "closed")  # type: ignore[misc]
    nothing = {"votes": {}, **dict.fromkeys(NUMBERS, 0)}
    assert asdict(await read_tally(redis, "live-tally", "empty")) == nothing
    assert asdict(await read_tally(redis, "live-tally", "none")) == nothing
