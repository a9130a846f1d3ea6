"""What the history costs and how fast it answers, as it grows: `python -m bench.history --help`.

The embedded engine, empty at first, gets a season of made-up streams (`ovation.seed`) through `clickhouse-connect`. At
each size the queries of `sql/queries` are asked over HTTP, of the five fullest streams of about three hours; the clock
is the client's, and the middle of several answers is printed.
"""

import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from bench.setting import machine
from contracts.tables import DATABASE, REACTION_HOURS, REACTION_MINUTES, REACTION_WINDOWS
from gateway.history import queries
from local.clickhouse.process import Server, running
from local.paths import CHECKOUT
from ovation.migrations import migrate
from ovation.seed import tables
from ovation.seed.seed import BATCH_ROWS, insert_roll_ups
from ovation.seed.streams import streams
from ovation.terminal import err, out

UNTIL = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
SEED = 1
ASKED = 15
"""Times that each query is asked."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures at one size. Times are milliseconds."""

    rows: int
    inserted_per_s: float
    bytes_per_row: float
    timeline_ms: float
    moments_ms: float
    leaderboard_ms: float


def _batches() -> Iterator[Any]:
    begun = ((past, tables.began(SEED, past, UNTIL)) for past in streams(SEED))
    return tables.batches((tables.windows(SEED, past, begin, past.duration_s * 8) for past, begin in begun), BATCH_ROWS)


def _insert(client: Any, batches: Iterator[Any], rows: int) -> tuple[int, float]:
    """Insert about so many rows; return how many, and the seconds that the inserts took, without making the rows."""
    done, seconds = 0, 0.0
    while done < rows:
        batch = next(batches)
        began = time.perf_counter()
        client.insert_arrow(REACTION_WINDOWS, batch, database=DATABASE)
        seconds += time.perf_counter() - began
        insert_roll_ups(client, batch)
        done += batch.num_rows
    return done, seconds


def _ask(client: Any, name: str, of: Sequence[Mapping[str, Any]]) -> float:
    """Return the median milliseconds of a query."""
    text, taken = queries.named(name), []
    for number in range(ASKED):
        began = time.perf_counter()
        client.query(text, parameters=dict(of[number % len(of)]))
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _measure(client: Any, rows: int, inserted: int, seconds: float) -> Measured:
    [(stored, bytes_on_disk)] = client.query(
        "SELECT sum(rows), sum(bytes_on_disk) FROM system.parts "
        "WHERE database = 'ovation' AND table = 'reaction_windows' AND active"
    ).result_rows
    # Streams of about three hours that were tapped all the time.
    long = client.query(
        "SELECT stream_id FROM ovation.reaction_windows GROUP BY stream_id "
        "HAVING dateDiff('minute', min(window_start), max(window_start)) BETWEEN 160 AND 200 "
        "ORDER BY count() DESC LIMIT 5"
    ).result_rows
    span = {"since": "2025-01-01 00:00:00.000", "until": "2026-12-31 00:00:00.000"}
    whole = [{"stream_id": stream_id, "step_s": 10, **span} for (stream_id,) in long]
    bursts = [{"stream_id": stream_id, "step_s": 10, "score": 5.0, "top": 20} for (stream_id,) in long]
    season = [{"since": "2025-08-01 00:00:00", "until": "2026-06-01 00:00:00", "top": 10}]
    return Measured(
        rows=rows,
        inserted_per_s=inserted / seconds,
        bytes_per_row=bytes_on_disk / stored,
        timeline_ms=_ask(client, "reactions_timeline", whole),
        moments_ms=_ask(client, "moments", bursts),
        leaderboard_ms=_ask(client, "season_leaderboard", season),
    )


def run(server: Server, sizes: list[int], merged: bool) -> Iterator[Measured]:
    migrate(server.url, "default", "", CHECKOUT / "sql" / "migrations", lambda _: None)
    client = server.client()
    batches, rows = _batches(), 0
    for size in sizes:
        err.print(f"Writing windows until there are {size:,}", markup=False)
        inserted, seconds = _insert(client, batches, size - rows)
        rows += inserted
        if merged:
            once = {"optimize_skip_merged_partitions": 1}
            for table in (REACTION_WINDOWS, REACTION_MINUTES, REACTION_HOURS):
                client.command(f"OPTIMIZE TABLE {DATABASE}.{table} FINAL", settings=once)
        yield _measure(client, rows, inserted, seconds)
    client.close()


def main(
    rows: Annotated[int, typer.Option(min=10_000, help="Windows in the end.")] = 100_000_000,
    merged: Annotated[bool, typer.Option(help="Ask once all parts are merged, as they are for a past season.")] = True,
    folder: Annotated[Path | None, typer.Option(help="Where the data is for the time of the run.")] = None,
) -> None:
    """Fill the embedded engine with a season, and print what it costs and how fast it answers as it grows."""
    sizes = [size for size in (1_000_000, 10_000_000) if size < rows] + [rows]
    shown = Table("windows", "inserted/s", "bytes/window", "timeline ms", "moments ms", "leaderboard ms")
    with tempfile.TemporaryDirectory(dir=folder) as data, running(Path(data)) as server:
        for one in run(server, sizes, merged):
            shown.add_row(
                f"{one.rows:,}",
                f"{one.inserted_per_s:,.0f}",
                f"{one.bytes_per_row:.2f}",
                f"{one.timeline_ms:.1f}",
                f"{one.moments_ms:.1f}",
                f"{one.leaderboard_ms:.0f}",
            )
    out.print(f"  setting  The engine and its client on one machine: {machine()}", markup=False)
    out.print(shown)


if __name__ == "__main__":
    typer.run(main)
