"""Voters as the job writes them into ClickHouse."""

import datetime as dt
from typing import Any

from contracts.tables import BALLOTS, DATABASE


def put_voter(client: Any, stream_id: str, poll_id: str, voter: str, **fields: Any) -> None:
    """Write the row of one voter; a later call replaces an earlier one."""
    at = dt.datetime.fromtimestamp(fields.pop("at_ms", 1_763_800_000_000) / 1000, dt.UTC)
    row = {
        "stream_id": stream_id,
        "poll_id": poll_id,
        "voter": voter,
        "choices": [],
        "first_voted_at": at,
        "last_voted_at": at,
        "attempts": 1,
        "outcome": "counted",
        "receipt": "",
        "invalid": 0,
        "version": _next_version(),
        **fields,
    }
    row.setdefault("attempts_in", {"eu": row["attempts"]})
    client.insert(BALLOTS, [list(row.values())], column_names=list(row), database=DATABASE)


def _next_version(versions: list[int] = []) -> int:  # noqa: B006 - one count for all calls
    versions.append(0)
    return len(versions)
