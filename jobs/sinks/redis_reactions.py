"""Reactions into Redis: totals and windows of each stream, written and published by one script call."""

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd
from pyflink.table.udf import UserDefinedScalarFunctionWrapper

from contracts import redis_keys
from jobs.settings import JobSettings
from jobs.sinks.function import sink_function
from jobs.sinks.redis_client import Call, ScriptFunction

Row = tuple[str, int, str, int]
"""Stream id, start of the window in ms (of a total: of its newest window), emoji, taps."""


@dataclass(slots=True)
class StreamCounts:
    """What one batch says of one stream. `newest` is the start of its newest window, in ms."""

    newest: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    windows: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))


def gather(rows: Iterable[Row], *, totals: bool) -> dict[str, StreamCounts]:
    """Return the largest count of each emoji, by stream and window. The counts only grow, so the largest is newest."""
    streams: dict[str, StreamCounts] = defaultdict(StreamCounts)
    for stream_id, start, emoji, taps in rows:
        counts = streams[stream_id]
        counts.newest = max(counts.newest, start)
        bucket = counts.totals if totals else counts.windows[start]
        if taps > bucket.get(emoji, 0):
            bucket[emoji] = taps
    return streams


def script_call(stream_id: str, counts: StreamCounts, now_ms: int) -> Call:
    """Return keys and arguments of `reactions.lua` for one stream."""
    starts = sorted({counts.newest, *counts.windows})
    keys = [redis_keys.reactions(stream_id), redis_keys.live(stream_id)]
    keys += [redis_keys.reactions_window(stream_id, start // 1000) for start in starts]
    arguments: list[str | int] = [stream_id, now_ms, counts.newest, redis_keys.STREAM_TTL_S, redis_keys.WINDOW_TTL_S]
    for bucket in (counts.totals, *(counts.windows.get(start, {}) for start in starts)):
        arguments.append(len(bucket))
        for emoji, taps in bucket.items():
            arguments += (emoji, taps)
    return keys, arguments


class ReactionsWriter(ScriptFunction):
    """Vectorised function `(stream_id, window_start, emoji, reactions) -> true`, once Redis has the rows."""

    def __init__(self, url: str, *, totals: bool) -> None:
        """Write windows, or totals, to the Redis at `url`."""
        super().__init__(url, "reactions.lua")
        self._totals = totals

    def eval(self, stream_id: pd.Series, window_start: pd.Series, emoji: pd.Series, reactions: pd.Series) -> pd.Series:
        """Write one batch of rows."""
        columns = (stream_id, window_start, emoji, reactions)
        rows = zip(*(column.to_list() for column in columns), strict=True)
        streams = gather(rows, totals=self._totals)
        now_ms = time.time_ns() // 1_000_000
        self._client.run([script_call(name, counts, now_ms) for name, counts in streams.items()])
        return pd.Series(True, index=stream_id.index)


def reactions_writer(settings: JobSettings, *, totals: bool) -> UserDefinedScalarFunctionWrapper:
    """Return the sink function of `reaction_window --sink redis` for windows or for totals."""
    return sink_function(ReactionsWriter(settings.redis_url.get_secret_value(), totals=totals))
