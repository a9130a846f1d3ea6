"""What the runs say they have written, and whether ClickHouse holds it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.tables import DATABASE, REACTIONS_VIEW, VOTES_VIEW

_STREAMS_AT_ONCE = 100

# Only names of contracts.tables are put into these texts; streams and times are parameters.
_WINDOWS = f"""
SELECT stream_id, toString(toUnixTimestamp(toStartOfHour(window_start)) * 1000) AS part, count(), sum(reactions)
FROM {DATABASE}.{REACTIONS_VIEW}
WHERE stream_id IN {{streams:Array(String)}}
  AND window_start >= fromUnixTimestamp64Milli({{since:Int64}})
  AND window_start < fromUnixTimestamp64Milli({{until:Int64}})
GROUP BY stream_id, part
"""  # noqa: S608

_BALLOTS = f"""
SELECT stream_id, poll_id, count(), sum(attempts)
FROM {DATABASE}.{VOTES_VIEW}
WHERE stream_id IN {{streams:Array(String)}}
GROUP BY stream_id, poll_id
"""  # noqa: S608

Part = tuple[str, str]
"""A stream, and of it an hour (as epoch milliseconds) or a poll."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows, and the taps or votes in them."""

    rows: int
    amount: int


def written(summary: Path) -> dict[Part, Sums]:
    """Return what a run has left in its folder `summary` (jobs/bounded.py)."""
    found: dict[Part, Sums] = {}
    for path in summary.glob("*"):
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                found[row["stream_id"], row["part"]] = Sums(row["rows"], row["amount"])
    return found


def total(sums: Iterable[Sums]) -> Sums:
    """Return the sum of several."""
    several = list(sums)
    return Sums(sum(each.rows for each in several), sum(each.amount for each in several))


def stored_windows(client: Any, parts: Sequence[Part]) -> dict[Part, Sums]:
    """Return what ClickHouse holds of hours of streams. Raises ClickHouseError."""
    hours = [int(hour) for _, hour in parts]
    return _stored(client, _WINDOWS, parts, {"since": min(hours), "until": max(hours) + 3_600_000})


def stored_ballots(client: Any, parts: Sequence[Part]) -> dict[Part, Sums]:
    """Return what ClickHouse holds of polls of streams. Raises ClickHouseError."""
    return _stored(client, _BALLOTS, parts, {})


def _stored(client: Any, query: str, parts: Sequence[Part], parameters: dict[str, int]) -> dict[Part, Sums]:
    wanted = set(parts)
    streams = sorted({stream for stream, _ in parts})
    found: dict[Part, Sums] = {}
    for start in range(0, len(streams), _STREAMS_AT_ONCE):
        some = {**parameters, "streams": streams[start : start + _STREAMS_AT_ONCE]}
        for stream_id, part, rows, amount in client.query(query, parameters=some).result_rows:
            if (stream_id, part) in wanted:
                found[stream_id, part] = Sums(rows, amount)
    return found
