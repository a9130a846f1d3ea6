"""A gateway's feed on three real masters: messages come of every stream, wherever its slot goes."""

import asyncio
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Callable

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts import redis_keys
from contracts.redis_cluster.urls import Address
from gateway.live.redis_feed import RedisFeed
from tests.redis_cluster import Cluster

STREAMS = [f"s-{number}" for number in range(12)]
SOON_S = 10


class Heard:
    """A feed that runs, and what it was told."""

    def __init__(self, url: str) -> None:
        self.messages: dict[str, list[bytes]] = defaultdict(list)
        self.confirmed: dict[str, int] = defaultdict(int)
        self.feed = RedisFeed(url, lambda stream_id, raw: self.messages[stream_id].append(raw), self._confirmed)

    def _confirmed(self, stream_id: str) -> None:
        self.confirmed[stream_id] += 1


@pytest.fixture
async def heard(cluster: Cluster) -> AsyncIterator[Heard]:
    heard = Heard(cluster.url)
    for stream_id in STREAMS:
        heard.feed.follow(stream_id)
    heard.feed.start()
    await soon(lambda: heard.feed.up and set(heard.confirmed) == set(STREAMS))
    yield heard
    await heard.feed.close()


async def soon(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON_S):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def on_lost(cluster: Cluster) -> tuple[Address, str, str]:
    """Return a master, a stream that lies on it, and one that does not."""
    lost = cluster.owner(redis_keys.live(STREAMS[0]))
    other = next(each for each in STREAMS if cluster.owner(redis_keys.live(each)) != lost)
    return lost, STREAMS[0], other


async def test_messages_of_every_master_come(cluster: Cluster, heard: Heard, redis: Redis) -> None:
    assert {cluster.owner(redis_keys.live(each)) for each in STREAMS} == set(cluster.addresses)
    for stream_id in STREAMS:
        assert await redis.publish(redis_keys.live(stream_id), stream_id) == 1
    await soon(lambda: all(heard.messages[each] == [each.encode()] for each in STREAMS))
    heard.feed.unfollow("s-1")
    heard.feed.follow("late")
    await soon(lambda: heard.confirmed["late"] == 1)
    assert await redis.publish(redis_keys.live("s-1"), "more") == 0
    assert await redis.publish(redis_keys.live("late"), "more") == 1


async def test_a_slot_that_moves_is_followed(cluster: Cluster, heard: Heard, redis: Redis) -> None:
    before = heard.confirmed["s-2"]
    await asyncio.to_thread(cluster.move_slot, redis_keys.live("s-2"))
    await soon(lambda: heard.confirmed["s-2"] > before)
    assert await redis.publish(redis_keys.live("s-2"), "there") == 1
    await soon(lambda: heard.messages["s-2"] == [b"there"])
    assert heard.feed.up


async def test_a_stream_that_is_followed_where_it_was_before_is_followed_where_it_is(
    cluster: Cluster, heard: Heard, redis: Redis
) -> None:
    # Nobody who follows a channel of this slot tells the gateway that it moves.
    await asyncio.to_thread(cluster.move_slot, redis_keys.live("elsewhere"))
    heard.feed.follow("elsewhere")
    await soon(lambda: heard.confirmed["elsewhere"] == 1)
    assert await redis.publish(redis_keys.live("elsewhere"), "there") == 1


async def test_a_lost_master_takes_its_own_streams_and_is_followed_again(
    cluster: Cluster, heard: Heard, redis: Redis
) -> None:
    lost, silent, other = await on_lost(cluster)
    before = heard.confirmed[silent]
    await asyncio.to_thread(cluster.kill, lost)
    await soon(lambda: not heard.feed.up)
    assert heard.feed.partly_up
    assert not heard.feed.is_up_for(silent)
    assert heard.feed.is_up_for(other)
    assert await redis.publish(redis_keys.live(other), "on") == 1
    with pytest.raises(RedisError):
        await redis.publish(redis_keys.live(silent), "off")
    await asyncio.to_thread(cluster.start, lost, empty=True)
    await soon(lambda: heard.feed.up and heard.confirmed[silent] > before)
    assert await redis.publish(redis_keys.live(silent), "again") == 1


async def test_a_master_that_hangs_counts_as_lost(cluster: Cluster, heard: Heard) -> None:
    lost, silent, other = await on_lost(cluster)
    cluster.send(lost, signal.SIGSTOP)
    try:
        await soon(lambda: not heard.feed.is_up_for(silent))
        assert heard.feed.is_up_for(other)
    finally:
        cluster.send(lost, signal.SIGCONT)
    await soon(lambda: heard.feed.up)
