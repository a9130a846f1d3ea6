"""Writes made-up streams until there are as many windows as wanted."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from contracts.tables import DATABASE, REACTION_HOURS, REACTION_MINUTES, REACTION_WINDOWS, STREAMS
from ovation.seed import tables
from ovation.seed.streams import Past, streams

BATCH_ROWS = 500_000
_STREAMS_AT_ONCE = 1_000


def seed_history(
    client: Any, rows: int, seed: int, until: dt.datetime, report: Callable[[int], None] = lambda _: None
) -> int:
    """Insert `rows` windows, their sums by minute and hour, and their streams. `report` gets windows done.

    Return how many streams there are.

    Doing it again changes nothing: the same rows replace themselves. Raises ClickHouseError or OSError.
    """
    written: list[tuple[Past, dt.datetime]] = []
    done = 0
    for batch in tables.batches(_windows(rows, seed, until, written), BATCH_ROWS):
        client.insert_arrow(REACTION_WINDOWS, batch, database=DATABASE)
        insert_roll_ups(client, batch)
        done += batch.num_rows
        report(done)
    for start in range(0, len(written), _STREAMS_AT_ONCE):
        client.insert_arrow(STREAMS, tables.streams(seed, written[start : start + _STREAMS_AT_ONCE]), database=DATABASE)
    return len(written)


def insert_roll_ups(client: Any, windows: pa.Table) -> None:
    """Insert the sums of whole streams' windows by minute and hour. Raises ClickHouseError or OSError."""
    minutes, hours = (tables.rolled_up(windows, f"{unit}_start", unit) for unit in ("minute", "hour"))
    client.insert_arrow(REACTION_MINUTES, minutes, database=DATABASE)
    client.insert_arrow(REACTION_HOURS, hours, database=DATABASE)


def _windows(rows: int, seed: int, until: dt.datetime, written: list[tuple[Past, dt.datetime]]) -> Iterator[pa.Table]:
    left = rows
    for past in streams(seed):
        if left <= 0:
            return
        begin = tables.began(seed, past, until)
        table = tables.windows(seed, past, begin, left)
        # The counts are in the table now; only what the stream was is kept.
        written.append((past.without_windows(), begin))
        left -= table.num_rows
        yield table
