from contextlib import closing
from typing import Any

import clickhouse_connect
import pandas as pd
import pytest

from contracts import tables
from jobs.settings import JobSettings
from jobs.sinks.clickhouse_ballots import BallotWriter, ballot_rows

START = 1_763_800_000_000


Row = tuple[str | None, int | None, int, int, int, int, int, int]
"""Receipt, choices, received, replaced, duplicate, late, invalid, ineligible."""


def columns_of(*rows: Row) -> list[pd.Series]:
    """The columns of `ballots` as Flink hands them over: with a null among them, integers come as floats."""
    kinds = [object, "float64", *["int64"] * 6]
    columns = zip(zip(*rows, strict=True), kinds, strict=True)
    receipt, choices, *numbers = (pd.Series(column, dtype=kind) for column, kind in columns)
    same = [pd.Series([value] * len(rows)) for value in ("s", "p")]
    voters = pd.Series([f"voter-{number}" for number in range(len(rows))])
    times = [pd.Series([START] * len(rows)), pd.Series([START + 5] * len(rows))]
    position = pd.Series(
        [None if row[0] is None else 119_500 if row[0] == "B" else -1 for row in rows], dtype="float64"
    )
    regions = pd.Series([f"eu={row[2] - 1},us=1" if row[2] > 1 else "us=1" for row in rows])
    return [*same, voters, receipt, choices, position, *times, *numbers, regions]


def ballots(*rows: Row) -> list[dict[str, Any]]:
    table = ballot_rows(*columns_of(*rows))
    assert tuple(table.column_names) == tables.BALLOTS_COLUMNS
    return list(table.to_pylist())


def test_what_stands_and_why_nothing_does() -> None:
    rows = ballots(
        ("A", 5, 4, 0, 2, 1, 0, 0),
        ("B", 2, 3, 2, 0, 0, 0, 0),
        ("C", 0, 2, 1, 0, 0, 0, 0),
        (None, None, 3, 0, 0, 1, 1, 1),
        (None, None, 2, 0, 0, 0, 1, 1),
        (None, None, 1, 0, 0, 0, 1, 0),
        ("D", (1 << 50) - 1, 1, 0, 0, 0, 0, 0),
    )
    assert [row["choices"] for row in rows[:-1]] == [["1", "3"], ["2"], [], [], [], []]
    assert rows[-1]["choices"] == [str(number) for number in range(1, 51)]
    outcomes = ["counted", "counted", "withdrawn", "late", "ineligible", "invalid", "counted"]
    assert [row["outcome"] for row in rows] == outcomes
    assert [row["receipt"] for row in rows] == ["A", "B", "C", "", "", "", "D"]
    assert [row["playback_ms"] for row in rows] == [None, 119_500, *[None] * 5]
    for row in rows:
        others = sum(row[name] for name in ("replaced", "duplicate", "late", "invalid", "ineligible"))
        assert row["attempts"] == (row["outcome"] in {"counted", "withdrawn"}) + others == row["version"]
        assert row["attempts"] == sum(votes for _, votes in row["attempts_in"])
    assert (rows[0]["attempts_in"], rows[-1]["attempts_in"]) == ([("eu", 3), ("us", 1)], [("us", 1)])
    assert [(row["replaced"], row["duplicate"]) for row in rows[:3]] == [(0, 2), (2, 0), (1, 0)]


def test_a_batch_of_voters_without_ballots_has_lists_of_ids_all_the_same() -> None:
    [row] = ballots((None, None, 1, 0, 0, 1, 0, 0))
    assert row["choices"] == []


@pytest.mark.engine
def test_history_answers_with_what_was_written(clickhouse: str) -> None:
    writer = BallotWriter(JobSettings(clickhouse_url=clickhouse))
    writer.open(None)
    writer.eval(*columns_of(("A" * 26, 5, 4, 0, 2, 1, 0, 0), (None, None, 3, 0, 0, 0, 1, 2)))
    writer.eval(*columns_of(("A" * 26, 5, 2, 0, 1, 0, 0, 0)))  # A replay.
    writer.close()
    with closing(clickhouse_connect.get_client(dsn=clickhouse, autogenerate_session_id=False)) as client:
        columns = "voter, choices, outcome, attempts, duplicate, late, invalid, ineligible, first_voted_at"
        rows = client.query(f"SELECT {columns} FROM ovation.votes ORDER BY voter").result_rows
    assert [row[:-1] for row in rows] == [
        ("voter-0", ["1", "3"], "counted", 4, 2, 1, 0, 0),
        ("voter-1", [], "ineligible", 3, 0, 0, 1, 2),
    ]
    assert rows[0][-1].timestamp() * 1000 == START
