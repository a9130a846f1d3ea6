"""Streams and polls into ClickHouse: a copy of `control`, so that SQL can name what it counts."""

import json
from collections.abc import Iterable
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
from pyflink.table import StatementSet, TableEnvironment
from pyflink.table.udf import FunctionContext

from contracts import tables, topics
from jobs import dead_letters
from jobs.environment import pace_of
from jobs.settings import JobSettings
from jobs.sinks.clickhouse_client import MOMENT, InsertFunction
from jobs.sinks.function import sink_function
from jobs.sources import everywhere, kafka

Kind = Literal["stream", "poll"]

STREAM_SCHEMA = pa.schema(
    {
        "stream_id": pa.string(),
        "title": pa.string(),
        "emojis": pa.list_(pa.string()),
        "status": pa.string(),
        "region": pa.string(),
        "created_at": MOMENT,
        "ended_at": MOMENT,
        "version": pa.uint64(),
    }
)
POLL_SCHEMA = pa.schema(
    {
        "stream_id": pa.string(),
        "poll_id": pa.string(),
        "question": pa.string(),
        "option_ids": pa.list_(pa.string()),
        "option_texts": pa.list_(pa.string()),
        "max_choices": pa.uint8(),
        "allow_change": pa.bool_(),
        "allow_withdraw": pa.bool_(),
        "results": pa.string(),
        "correct": pa.list_(pa.string()),
        "eligibility": pa.string(),
        "status": pa.string(),
        "created_at": MOMENT,
        "opens_at": MOMENT,
        "opened_at": MOMENT,
        "closes_at": MOMENT,
        "closed_at": MOMENT,
        "final_at": MOMENT,
        "version": pa.uint64(),
    }
)


def rows_of(kind: Kind, records: Iterable[dict[str, Any]]) -> pa.Table:
    """Return the rows of `streams` or `polls` that valid control records of that kind say.

    The largest revision wins. Of two records with one revision the first in `control` stands; the gateways write it
    once more behind the other, and ClickHouse keeps the last row of a version. What is not a column, as the salt of a
    poll's voter key, is not stored.
    """
    schema = STREAM_SCHEMA if kind == "stream" else POLL_SCHEMA
    rows = []
    for record in records:
        row = {**record, "version": record["revision"]}
        if kind == "poll":
            row["option_ids"] = [option["id"] for option in record["options"]]
            row["option_texts"] = [option["text"] for option in record["options"]]
            row["eligibility"] = json.dumps(record["eligibility"], ensure_ascii=False, separators=(",", ":"))
        rows.append({name: row[name] for name in schema.names})
    return pa.Table.from_pylist(rows, schema=schema)


class ControlWriter(InsertFunction):
    """Vectorised function `(value) -> true` that stores the records of one kind. Others pass by unread."""

    def __init__(self, kind: Kind, settings: JobSettings) -> None:
        """Store records of `kind`."""
        super().__init__(settings)
        self._kind = kind

    def open(self, function_context: FunctionContext) -> None:
        """Connect, and load the schema."""
        super().open(function_context)
        self._reason = dead_letters.reason_checker(topics.CONTROL.name)

    def eval(self, value: pd.Series) -> pd.Series:
        """Write one batch of records."""
        readable = [json.loads(one) for one in value if one is not None and self._reason(one) is None]
        table = tables.STREAMS if self._kind == "stream" else tables.POLLS
        self._client.insert(table, rows_of(self._kind, (record for record in readable if record["kind"] == self._kind)))
        return pd.Series(True, index=value.index)


def _add(env: TableEnvironment, statements: StatementSet, kind: Kind, settings: JobSettings) -> None:
    source = kafka(everywhere(topics.CONTROL, settings), pace_of("clickhouse", settings), settings)
    env.execute_sql(f"CREATE TEMPORARY TABLE control_records (`value` BYTES) WITH ({source}, 'format' = 'raw')")
    env.create_temporary_system_function("write_control", sink_function(ControlWriter(kind, settings)))
    statements.add_insert_sql("INSERT INTO written SELECT write_control(`value`) FROM control_records")


def add_streams(env: TableEnvironment, statements: StatementSet, settings: JobSettings) -> None:
    """Add the branch that keeps the table `streams`."""
    _add(env, statements, "stream", settings)


def add_polls(env: TableEnvironment, statements: StatementSet, settings: JobSettings) -> None:
    """Add the branch that keeps the table `polls`, and the dead letters of `control`."""
    _add(env, statements, "poll", settings)
    dead_letters.add(env, statements, topics.CONTROL, settings)
