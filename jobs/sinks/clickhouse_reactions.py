"""Sums of taps and samples of reactors into ClickHouse, a batch of about a second at a time."""

import json
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
from pyflink.table.udf import UserDefinedScalarFunctionWrapper

from contracts import tables
from jobs.settings import JobSettings
from jobs.sinks.clickhouse_client import MOMENT, InsertFunction
from jobs.sinks.function import sink_function

MOMENT_S = pa.timestamp("s", tz="UTC")


@dataclass(frozen=True, slots=True)
class SumTable:
    """A table of sums: its name, its column for where a sum begins, and that column's type, `None` for milliseconds."""

    name: str
    start: str
    start_type: pa.DataType | None


SUM_TABLES = {
    "window": SumTable(tables.REACTION_WINDOWS, "window_start", MOMENT),
    "minute": SumTable(tables.REACTION_MINUTES, "minute_start", MOMENT_S),
    "hour": SumTable(tables.REACTION_HOURS, "hour_start", MOMENT_S),
    "video": SumTable(tables.VIDEO_WINDOWS, "playback_ms", None),
}
"""By the kind of a row of `history_sums`."""


def sum_rows(
    table: SumTable, stream_id: pd.Series, start_ms: pd.Series, region: pd.Series, reactions: pd.Series
) -> pa.Table:
    """Return rows of a table of sums: one for each emoji of `reactions`, which is JSON of sums by emoji.

    A sum only grows, so it is its own version.
    """
    by_emoji = [json.loads(one) for one in reactions]
    belongs_to = pa.array([place for place, sums in enumerate(by_emoji) for _ in sums], pa.int64())
    sums = pa.array([taps for sums in by_emoji for taps in sums.values()], pa.uint64())
    start = pa.array(start_ms, pa.int64())
    if table.start_type is not None:
        start = start.cast(MOMENT).cast(table.start_type)
    return pa.table(
        {
            "stream_id": pa.array(stream_id, pa.string()).take(belongs_to),
            table.start: start.take(belongs_to),
            "emoji": pa.array([emoji for sums in by_emoji for emoji in sums], pa.string()),
            "region": pa.array(region, pa.string()).take(belongs_to),
            "reactions": sums,
            "version": sums,
        }
    )


class SumWriter(InsertFunction):
    """Vectorised function over the columns of `history_sums`, true once ClickHouse has stored them."""

    def eval(
        self, kind: pd.Series | str, stream_id: pd.Series, start_ms: pd.Series, region: pd.Series, reactions: pd.Series
    ) -> pd.Series:
        """Write one batch of rows, those of each kind into its table."""
        columns = (stream_id, start_ms, region, reactions)
        # The planner calls once for each branch of the union, and a constant comes as itself, not as a column of it.
        kinds = pd.Series(kind, index=stream_id.index)
        for each, table in SUM_TABLES.items():
            mine = kinds == each
            self._client.insert(table.name, sum_rows(table, *(column[mine] for column in columns)))
        return pd.Series(True, index=stream_id.index)


class ReactorWriter(InsertFunction):
    """Vectorised function over the columns of `reactor_samples`, true once ClickHouse has stored them."""

    def eval(self, stream_id: pd.Series, minute_start: pd.Series, reactor: pd.Series, level: pd.Series) -> pd.Series:
        """Write one batch of rows."""
        rows = pa.table(
            {
                "stream_id": pa.array(stream_id, pa.string()),
                "minute_start": pa.array(minute_start, pa.int64()).cast(MOMENT).cast(MOMENT_S),
                "reactor": pa.array(reactor, pa.uint64()),
                "level": pa.array(level, pa.uint8()),
            }
        )
        self._client.insert(tables.REACTOR_SAMPLES, rows)
        return pd.Series(True, index=stream_id.index)


def sum_writer(settings: JobSettings) -> UserDefinedScalarFunctionWrapper:
    """Return the sink function of the sums of `reaction_window --sink clickhouse`."""
    return sink_function(SumWriter(settings))


def reactor_writer(settings: JobSettings) -> UserDefinedScalarFunctionWrapper:
    """Return the sink function of its samples of reactors."""
    return sink_function(ReactorWriter(settings))
