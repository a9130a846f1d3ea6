"""Made-up streams as rows of ClickHouse's tables."""

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ovation.seed.streams import Past

MOMENT = pa.timestamp("ms", tz="UTC")
REGIONS = ("eu", "us")
_SEASON_S = 300 * 24 * 3_600


def stream_id(seed: int, past: Past) -> str:
    return f"seed-{seed}-{past.number:06}"


def began(seed: int, past: Past, until: dt.datetime) -> dt.datetime:
    """Return when a stream began: a full minute in the season before `until`, the same for the same seed."""
    ago_s = np.random.default_rng((seed, past.number, 1)).integers(past.duration_s, _SEASON_S)
    return (until - dt.timedelta(seconds=int(ago_s))).replace(second=0, microsecond=0)


def windows(seed: int, past: Past, begin: dt.datetime, most: int) -> pa.Table:
    """Return at most `most` rows of `reaction_windows`, in the order of its key but for the emoji's."""
    starts = past.seconds[:most] * 1_000 + int(begin.timestamp() * 1_000)
    counts = pa.array(past.counts[:most], pa.uint64())
    size = len(starts)
    return pa.table(
        {
            "stream_id": _same(stream_id(seed, past), size),
            "window_start": pa.array(starts, pa.int64()).cast(MOMENT),
            "emoji": pa.DictionaryArray.from_arrays(
                pa.array(past.emoji_numbers[:most], pa.int32()), pa.array(past.emojis)
            ).cast(pa.string()),
            "region": _same(REGIONS[past.number % len(REGIONS)], size),
            "reactions": counts,
            "version": counts,
        }
    )


def rolled_up(windows: pa.Table, column: str, unit: str) -> pa.Table:
    """Return the sums of whole streams' windows by `unit`, minute or hour, which `column` says the beginning of."""
    starts = pc.floor_temporal(windows["window_start"], unit=unit).cast(pa.timestamp("s", tz="UTC"))
    keys = ["stream_id", column, "emoji", "region"]
    sums = windows.append_column(column, starts).group_by(keys).aggregate([("reactions", "sum")])
    return sums.select([*keys, "reactions_sum", "reactions_sum"]).rename_columns([*keys, "reactions", "version"])


def streams(seed: int, some: list[tuple[Past, dt.datetime]]) -> pa.Table:
    """Return rows of `streams`; all have ended."""
    rows = [
        {
            "stream_id": stream_id(seed, past),
            "title": past.title,
            "emojis": list(past.emojis),
            "status": "ended",
            "region": REGIONS[past.number % len(REGIONS)],
            "created_at": begin,
            "ended_at": begin + dt.timedelta(seconds=past.duration_s),
            "version": 2,
        }
        for past, begin in some
    ]
    schema = pa.schema(
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
    return pa.Table.from_pylist(rows, schema=schema)


def batches(tables: Iterator[pa.Table], rows: int) -> Iterator[pa.Table]:
    """Join small tables into some of about `rows` rows."""
    waiting: list[pa.Table] = []
    size = 0
    for table in tables:
        waiting.append(table)
        size += table.num_rows
        if size >= rows:
            yield pa.concat_tables(waiting)
            waiting, size = [], 0
    if waiting:
        yield pa.concat_tables(waiting)


def _same(text: str, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), size)
