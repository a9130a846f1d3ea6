import pandas as pd

from contracts import tables
from jobs.sinks.clickhouse import ballot_rows, window_rows

START = 1_763_800_000_000


def test_a_windows_count_is_its_version() -> None:
    table = window_rows(*(pd.Series([value]) for value in ("s", START, "🔥", "eu", 41)))
    assert tuple(table.column_names) == tables.REACTION_WINDOWS_COLUMNS
    row = table.to_pylist()[0]
    assert row["window_start"].timestamp() * 1000 == START
    assert (row["reactions"], row["version"]) == (41, 41)


def ballots(*rows: tuple[str | None, int | None, int, int, int, int]) -> list[dict[str, object]]:
    """Rows of receipt, choices, received, late, invalid, allow_change."""
    receipt, choices, received, late, invalid, allow_change = (
        pd.Series(column, dtype=kind)
        for column, kind in zip(
            zip(*rows, strict=True), [object, "float64", "int64", "int64", "int64", "int64"], strict=True
        )
    )
    same = [pd.Series([value] * len(rows)) for value in ("s", "p", "v" * 22)]
    times = [pd.Series([START] * len(rows)), pd.Series([START + 5] * len(rows))]
    columns = [*same, receipt, choices, *times, received, late, invalid, allow_change]
    table = ballot_rows(*columns)
    assert set(table.column_names) == set(tables.BALLOTS_COLUMNS)
    return list(table.to_pylist())


def test_attempts_are_the_ballot_and_the_outcomes_of_the_rest() -> None:
    rows = ballots(("A", 5, 4, 1, 0, 0), ("B", 2, 3, 0, 0, 1), (None, None, 2, 2, 0, 0), (None, None, 1, 0, 1, 0))
    assert [row["choices"] for row in rows] == [["1", "3"], ["2"], [], []]
    assert [row["outcome"] for row in rows] == ["counted", "counted", "late", "invalid"]
    assert [row["receipt"] for row in rows] == ["A", "B", "", ""]
    for row, has_ballot in zip(rows, [1, 1, 0, 0], strict=True):
        others = sum(int(str(row[name])) for name in ("replaced", "duplicate", "late", "invalid"))
        assert row["attempts"] == has_ballot + others == row["version"]
    assert [(row["replaced"], row["duplicate"]) for row in rows] == [(0, 2), (2, 0), (0, 0), (0, 0)]
