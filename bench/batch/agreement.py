"""A digest of all that a store shows, so that two who counted the same can be held against each other."""

import hashlib
from contextlib import closing
from typing import Any

import clickhouse_connect
import redis

from contracts import redis_keys
from local.settings import StackSettings


def live_digest(settings: StackSettings, streams: list[str]) -> str:
    """Return the digest of the totals of `streams` in Redis, and of those of their windows that still live."""
    with redis.Redis.from_url(settings.redis_url, decode_responses=True) as live:
        windows = sorted(live.scan_iter(match=redis_keys.reactions("*") + ":*", count=10_000))
        pipeline: Any = live.pipeline(transaction=False)
        keys = [*(redis_keys.reactions(stream_id) for stream_id in streams), *windows]
        for key in keys:
            pipeline.hgetall(key)
        shown = [(key, sorted(counts.items())) for key, counts in zip(keys, pipeline.execute(), strict=True)]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def history_digest(settings: StackSettings) -> str:
    """Return the digest of windows, minutes and hours in ClickHouse."""
    query = """
        SELECT arrayStringConcat([
            (SELECT toString(groupBitXor(cityHash64(*))) FROM ovation.reactions),
            (SELECT toString(groupBitXor(cityHash64(*))) FROM ovation.reactions_by_minute),
            (SELECT toString(groupBitXor(cityHash64(*))) FROM ovation.reactions_by_hour)], ' ')"""
    with closing(clickhouse_connect.get_client(dsn=settings.clickhouse_url, interface="http")) as history:
        return str(history.command(query))
