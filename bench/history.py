"""What the history costs and how fast it answers, as it grows: `python -m bench.history --help`.

The embedded engine, empty at first, gets a season of made-up streams (`ovation.seed`) through `clickhouse-connect`. At
each size the queries of `sql/queries` are asked over HTTP, as the gateway asks them, of the five fullest streams of
about three hours; the clock is the client's, and the middle of several answers is printed.
"""

import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import typer
from rich.table import Table

from bench import plots
from bench.setting import machine
from contracts.tables import DATABASE, REACTION_HOURS, REACTION_MINUTES, REACTION_WINDOWS, STREAMS
from gateway.history import queries
from local.clickhouse.process import Server, running
from local.paths import CHECKOUT
from ovation.migrations import migrate
from ovation.seed import tables
from ovation.seed.seed import BATCH_ROWS, insert_roll_ups
from ovation.seed.streams import Past, streams
from ovation.terminal import err, out

UNTIL = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
SEED = 1
ASKED = 15
"""Times that each query is asked."""
STEP_S = 30
"""What the gateway takes for three hours."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures at one size. Times are milliseconds."""

    rows: int
    inserted_per_s: float
    bytes_per_row: float
    timeline_ms: float
    moments_ms: float
    leaderboard_ms: float


class Season:
    """Made-up streams, a batch of windows at a time."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._new: list[tuple[Past, dt.datetime]] = []
        self._batches = tables.batches(self._windows(), BATCH_ROWS)
        self.rows = 0

    def grow(self, rows: int) -> float:
        """Insert streams until there are so many windows; return windows inserted per second.

        Making them takes longer, and is not counted; nor are roll-ups, which the job writes with the windows.
        """
        before, seconds = self.rows, 0.0
        while self.rows < rows:
            batch = next(self._batches)
            began = time.perf_counter()
            self._client.insert_arrow(REACTION_WINDOWS, batch, database=DATABASE)
            seconds += time.perf_counter() - began
            insert_roll_ups(self._client, batch)
            self._client.insert_arrow(STREAMS, tables.streams(SEED, self._new), database=DATABASE)
            self._new.clear()
            self.rows += batch.num_rows
        return (self.rows - before) / seconds

    def _windows(self) -> Iterator[pa.Table]:
        for past in streams(SEED):
            begin = tables.began(SEED, past, UNTIL)
            self._new.append((past.without_windows(), begin))
            yield tables.windows(SEED, past, begin, past.duration_s * len(past.emojis))


def _ask(client: Any, name: str, of: Sequence[Mapping[str, Any]]) -> float:
    """Return the median milliseconds of a query."""
    text, taken = queries.named(name), []
    for number in range(ASKED):
        began = time.perf_counter()
        client.query(text, parameters=dict(of[number % len(of)]))
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def _measure(client: Any, rows: int, inserted_per_s: float) -> Measured:
    [(stored, bytes_on_disk)] = client.query(
        "SELECT sum(rows), sum(bytes_on_disk) FROM system.parts "
        "WHERE database = 'ovation' AND table = 'reaction_windows' AND active"
    ).result_rows
    # Streams of about three hours that were tapped all the time, each from its beginning to its end.
    long = client.query(
        "SELECT stream_id, toString(any(created_at)), toString(any(ended_at)), sum(reactions) AS taps "
        "FROM ovation.reactions_by_hour INNER JOIN ovation.streams USING (stream_id) "
        "GROUP BY stream_id HAVING dateDiff('minute', any(created_at), any(ended_at)) BETWEEN 160 AND 200 "
        "ORDER BY taps DESC LIMIT 5"
    ).result_rows
    whole = [{"stream_id": stream_id, "since": since, "until": until} for stream_id, since, until, _ in long]
    season = [{"since": "2025-08-01 00:00:00", "until": "2026-06-01 00:00:00", "top": 10}]
    return Measured(
        rows=rows,
        inserted_per_s=inserted_per_s,
        bytes_per_row=bytes_on_disk / stored,
        timeline_ms=_ask(client, "reactions_timeline", [{"step_s": STEP_S, **one} for one in whole]),
        moments_ms=_ask(client, "moments", [{"step_s": 10, "score": 5.0, "top": 20, **one} for one in whole]),
        leaderboard_ms=_ask(client, "season_leaderboard", season),
    )


def run(server: Server, sizes: list[int], merged: bool) -> Iterator[Measured]:
    """Grow a season in an empty engine, and yield the figures at each size."""
    migrate(server.url, "default", "", CHECKOUT / "sql" / "migrations", lambda _: None)
    client = server.client()
    season = Season(client)
    for size in sizes:
        err.print(f"Writing windows until there are {size:,}", markup=False)
        inserted_per_s = season.grow(size)
        if merged:
            for table in (REACTION_WINDOWS, REACTION_MINUTES, REACTION_HOURS, STREAMS):
                once = {"optimize_skip_merged_partitions": 1}
                client.command(f"OPTIMIZE TABLE {DATABASE}.{table} FINAL", settings=once)
        yield _measure(client, season.rows, inserted_per_s)
    client.close()


def draw(path: Path, found: Sequence[Measured]) -> None:
    """Plot how the figures grow."""
    panels = {
        "A stream of 3 hours, ms": {
            "timeline": [one.timeline_ms for one in found],
            "moments": [one.moments_ms for one in found],
        },
        "Season leaderboard, ms": {"": [one.leaderboard_ms for one in found]},
        "Windows inserted per second, millions": {"": [one.inserted_per_s / 1e6 for one in found]},
        "Bytes per window on disk": {"": [one.bytes_per_row for one in found]},
    }
    plots.growth(path, "windows", [one.rows for one in found], panels)


def main(
    rows: Annotated[int, typer.Option(min=10_000, help="Windows in the end.")] = 100_000_000,
    merged: Annotated[bool, typer.Option(help="Ask once all parts are merged, as they are for a past season.")] = True,
    folder: Annotated[Path | None, typer.Option(help="Where the data is for the time of the run.")] = None,
    plot: Annotated[Path | None, typer.Option(help="An SVG file of how the figures grow.")] = None,
) -> None:
    """Fill the embedded engine with a season, and print what it costs and how fast it answers as it grows."""
    sizes = [size for size in (1_000_000, 3_000_000, 10_000_000, 30_000_000) if size < rows] + [rows]
    shown = Table("windows", "inserted/s", "bytes/window", "timeline ms", "moments ms", "leaderboard ms")
    found = []
    with tempfile.TemporaryDirectory(dir=folder) as data, running(Path(data)) as server:
        for one in run(server, sizes, merged):
            found.append(one)
            shown.add_row(
                f"{one.rows:,}",
                f"{one.inserted_per_s:,.0f}",
                f"{one.bytes_per_row:.2f}",
                f"{one.timeline_ms:.1f}",
                f"{one.moments_ms:.1f}",
                f"{one.leaderboard_ms:.0f}",
            )
    if plot is not None:
        draw(plot, found)
    out.print(f"  setting  The engine and its client on one machine: {machine()}", markup=False)
    out.print(shown)


if __name__ == "__main__":
    typer.run(main)
