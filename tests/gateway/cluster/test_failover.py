"""A master dies for good, and its replica takes over: the jobs write there, and gateways follow there."""

import asyncio
from pathlib import Path

from contracts import redis_keys
from contracts.picture.reactions import SCRIPT, StreamCounts, script_call
from gateway.live.redis_feed import RedisFeed
from jobs.sinks.redis_client import ScriptClient
from tests.redis_cluster import three_masters


async def test_a_replica_that_takes_over_is_written_to_and_followed(tmp_path: Path) -> None:
    with three_masters(tmp_path) as cluster:
        lost = cluster.owner(redis_keys.live("cup"))
        with cluster.replica_of(lost) as replica:
            confirmed: list[str] = []
            heard: list[bytes] = []
            feed = RedisFeed(cluster.url, lambda _, raw: heard.append(raw), confirmed.append)
            feed.follow("cup")
            feed.start()
            sink = ScriptClient(cluster.url, SCRIPT)
            async with asyncio.timeout(60):
                while not confirmed:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                await asyncio.to_thread(sink.run, [script_call("cup", StreamCounts(newest=1, totals={"🔥": 1}), 1)])
                await asyncio.to_thread(cluster.kill, lost)
                await asyncio.to_thread(sink.run, [script_call("cup", StreamCounts(newest=1, totals={"🔥": 2}), 1)])
                while len(confirmed) < 2 or not feed.up:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                await asyncio.to_thread(sink.run, [script_call("cup", StreamCounts(newest=1, totals={"🔥": 3}), 1)])
                while not any(b'"totals":{"\xf0\x9f\x94\xa5":3}' in each for each in heard):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            assert cluster.owner(redis_keys.live("cup")) == replica
            sink.close()
            await feed.close()
