"""Reactions into Redis: totals and windows of each stream, written and published by one script call."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable

import pandas as pd
from pyflink.table.udf import FunctionContext, UserDefinedScalarFunctionWrapper

from contracts.picture.reactions import SCRIPT, StreamCounts, script_call
from contracts.traces import Traces
from jobs.settings import JobSettings
from jobs.sinks.function import sink_function
from jobs.sinks.redis_client import ScriptFunction

SERVICE = "ovation-reaction-window"
"""The name of this deployment in traces."""

Row = tuple[str, int, str]
"""Stream id, start of the window in ms (of a total: of its newest window), taps by emoji as JSON."""


def gather(rows: Iterable[Row], *, totals: bool) -> dict[str, StreamCounts]:
    """Return the largest count of each emoji, by stream and window. The counts only grow, so the largest is newest."""
    streams: dict[str, StreamCounts] = defaultdict(StreamCounts)
    for stream_id, start, reactions in rows:
        counts = streams[stream_id]
        counts.newest = max(counts.newest, start)
        bucket = counts.totals if totals else counts.windows.setdefault(start, {})
        for emoji, taps in json.loads(reactions).items():
            if taps > bucket.get(emoji, 0):
                bucket[emoji] = taps
    return streams


class ReactionsWriter(ScriptFunction):
    """Vectorised function `(stream_id, window_start, reactions) -> true`, once Redis has the rows."""

    def __init__(self, settings: JobSettings, *, totals: bool) -> None:
        """Write windows, or totals, to the Redis of `settings`."""
        super().__init__(settings, SCRIPT)
        self._totals = totals

    def open(self, function_context: FunctionContext) -> None:
        """Connect."""
        super().open(function_context)
        self._traces = Traces.to(self._settings.otlp_endpoint, SERVICE, self._settings.trace_one_in)

    def close(self) -> None:
        """Disconnect."""
        super().close()
        if self._traces is not None:
            self._traces.close()

    def eval(self, stream_id: pd.Series, window_start: pd.Series, reactions: pd.Series) -> pd.Series:
        """Write one batch of rows."""
        columns = (stream_id, window_start, reactions)
        rows = zip(*(column.to_list() for column in columns), strict=True)
        streams = gather(rows, totals=self._totals)
        now_ms = time.time_ns() // 1_000_000
        self._client.run([script_call(name, counts, now_ms) for name, counts in streams.items()])
        if self._traces is not None:
            ended_ms = time.time_ns() // 1_000_000
            for name, counts in streams.items():
                for start, taps in counts.windows.items():
                    self._traces.span("into Redis", name, start, now_ms, ended_ms, taps=sum(taps.values()))
        return pd.Series(True, index=stream_id.index)


def reactions_writer(settings: JobSettings, *, totals: bool) -> UserDefinedScalarFunctionWrapper:
    """Return the sink function of `reaction_window --sink redis` for windows or for totals."""
    return sink_function(ReactionsWriter(settings, totals=totals))
