"""A digest of all that a store shows, so that two who counted the same can be held against each other."""

import hashlib
from contextlib import closing
from typing import Any

import clickhouse_connect
import redis

from contracts import redis_keys
from local.settings import StackSettings


def live_digest(settings: StackSettings, streams: list[str]) -> str:
    """Return the digest of the totals of `streams` in Redis. Windows do not live as long as a run may take."""
    with redis.Redis.from_url(settings.redis_url, decode_responses=True) as live:
        pipeline: Any = live.pipeline(transaction=False)
        for stream_id in streams:
            pipeline.hgetall(redis_keys.reactions(stream_id))
        shown = [sorted(counts.items()) for counts in pipeline.execute()]
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
