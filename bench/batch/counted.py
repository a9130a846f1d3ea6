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
def in_clickhouse(settings: StackSettings, view: str = "reactions_by_hour") -> Iterator[Progress]:
    """Yield a function that returns the taps in a view of sums. That of hours has the fewest rows."""
    history = clickhouse_connect.get_client(
        dsn=settings.clickhouse_url, interface="http", autogenerate_session_id=False
    )
    with closing(history):
        query = f"SELECT sum(reactions) FROM {tables.DATABASE}.{view}"  # noqa: S608 - a name of ours
        yield lambda: int(history.command(query))
