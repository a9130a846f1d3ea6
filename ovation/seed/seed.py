"""Writes made-up streams until there are as many windows as wanted."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from contracts.tables import (
    BALLOTS,
    DATABASE,
    POLLS,
    REACTION_HOURS,
    REACTION_MINUTES,
    REACTION_WINDOWS,
    REACTOR_SAMPLES,
    STREAMS,
    VIDEO_WINDOWS,
)
from ovation.seed import tables
from ovation.seed.people import People, people
from ovation.seed.streams import Past, streams

BATCH_ROWS = 500_000


@dataclass(slots=True)
class Begun:
    """Streams whose windows are in the batch that is being made, and what else is known of them."""

    streams: list[tuple[Past, dt.datetime]] = field(default_factory=list)
    people: list[People] = field(default_factory=list)


def seed_history(
    client: Any, rows: int, seed: int, until: dt.datetime, report: Callable[[int], None] = lambda _: None
) -> int:
    """Insert `rows` windows, their sums, their streams, and who was there. `report` gets windows done.

    Return how many streams there are. Doing it again changes nothing: the same rows replace themselves. Raises
    ClickHouseError or OSError.
    """
    begun = Begun()
    done = written = 0
    for batch in tables.batches(_windows(rows, seed, until, begun), BATCH_ROWS):
        client.insert_arrow(REACTION_WINDOWS, batch, database=DATABASE)
        insert_roll_ups(client, batch)
        client.insert_arrow(STREAMS, tables.streams(seed, begun.streams), database=DATABASE)
        for name in (VIDEO_WINDOWS, REACTOR_SAMPLES, POLLS, BALLOTS):
            parts = [one.tables[name] for one in begun.people]
            client.insert_arrow(name, pa.concat_tables(parts), database=DATABASE)
        written += len(begun.streams)
        done += batch.num_rows
        begun.streams.clear()
        begun.people.clear()
        report(done)
    return written


def insert_roll_ups(client: Any, windows: pa.Table) -> None:
    """Insert the sums of whole streams' windows by minute and hour. Raises ClickHouseError or OSError."""
    minutes, hours = (tables.rolled_up(windows, f"{unit}_start", unit) for unit in ("minute", "hour"))
    client.insert_arrow(REACTION_MINUTES, minutes, database=DATABASE)
    client.insert_arrow(REACTION_HOURS, hours, database=DATABASE)


def _windows(rows: int, seed: int, until: dt.datetime, begun: Begun) -> Iterator[pa.Table]:
    left = rows
    for past in streams(seed):
        if left <= 0:
            return
        begin = tables.began(seed, past, until)
        table = tables.windows(seed, past, begin, left)
        begun.people.append(people(seed, tables.stream_id(seed, past), past, begin, table))
        # The counts are in the table now; only what the stream was is kept.
        begun.streams.append((past.without_windows(), begin))
        left -= table.num_rows
        yield table
