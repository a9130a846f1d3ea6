"""What a store has of all taps: how far a deployment is."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import clickhouse_connect
import redis

from contracts import redis_keys, tables
from local.settings import StackSettings

Progress = Callable[[], int]


@contextmanager
def in_redis(settings: StackSettings, streams: list[str]) -> Iterator[Progress]:
    """Yield a function that returns the taps in the totals of `streams`."""
    with redis.Redis.from_url(settings.redis_url) as live:

        def taps() -> int:
            pipeline: Any = live.pipeline(transaction=False)
            for stream_id in streams:
                pipeline.hvals(redis_keys.reactions(stream_id))
            return sum(int(value) for values in pipeline.execute() for value in values)

        yield taps


@contextmanager
def in_clickhouse(settings: StackSettings, whole: int) -> Iterator[Progress]:
    """Yield a function that returns the taps in ClickHouse, of which there are `whole` in the end.

    Each table is filled by a branch of its own. The one with fewer rows is asked first, the others once it is whole.
    """
    history = clickhouse_connect.get_client(
        dsn=settings.clickhouse_url, interface="http", autogenerate_session_id=False
    )

    def taps() -> int:
        found = 0
        for view in ("reactions_by_hour", "reactions_by_minute", "reactions"):
            query = f"SELECT sum(reactions) FROM {tables.DATABASE}.{view}"  # noqa: S608 - a name of ours
            found = int(history.command(query))
            if found != whole:
                break
        return found

    with closing(history):
        yield taps
