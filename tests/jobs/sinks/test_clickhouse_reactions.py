from contextlib import closing
from typing import Any

import clickhouse_connect
import pandas as pd
import pyarrow as pa
import pytest

from contracts import tables
from jobs.settings import JobSettings
from jobs.sinks.clickhouse_reactions import SUM_TABLES, ReactorWriter, SumWriter, sum_rows

START = 1_763_800_000_000
HOUR = 1_763_798_400_000
COLUMNS = {
    "window": tables.REACTION_WINDOWS_COLUMNS,
    "minute": tables.REACTION_MINUTES_COLUMNS,
    "hour": tables.REACTION_HOURS_COLUMNS,
    "video": tables.VIDEO_WINDOWS_COLUMNS,
}


@pytest.mark.parametrize("kind", SUM_TABLES)
def test_a_sum_is_its_version(kind: str) -> None:
    table = sum_rows(SUM_TABLES[kind], *(pd.Series([value]) for value in ("s", START, "eu", '{"🔥":41,"👏":7}')))
    assert tuple(table.column_names) == COLUMNS[kind]
    row, other = table.to_pylist()
    assert (other["stream_id"], other["emoji"], other["region"], other["reactions"]) == ("s", "👏", "eu", 7)
    start = row[SUM_TABLES[kind].start]
    assert (start if kind == "video" else start.timestamp() * 1000) == START
    assert (row["reactions"], row["version"]) == (41, 41)


@pytest.mark.engine
def test_each_kind_goes_into_its_table(clickhouse: str) -> None:
    settings = JobSettings(clickhouse_url=clickhouse)
    sums, reactors = SumWriter(settings), ReactorWriter(settings)
    for writer in (sums, reactors):
        writer.open(None)
    kinds = list(SUM_TABLES)
    for factor in (1, 3, 2):  # The last one is of a replay.
        rows = [(kind, "sums", 119_000 if kind == "video" else HOUR, "eu", f'{{"🔥":{7 * factor}}}') for kind in kinds]
        sums.eval(*(pd.Series(list(column)) for column in zip(*rows, strict=True)))
    for level in (0, 2, 1):
        reactors.eval(*(pd.Series([value]) for value in ("sums", HOUR, (1 << 52) - 1, level)))
    for writer in (sums, reactors):
        writer.close()
    starts = {"reactions": "window_start", "reactions_by_minute": "minute_start", "reactions_by_hour": "hour_start"}
    with closing(clickhouse_connect.get_client(dsn=clickhouse, autogenerate_session_id=False)) as client:

        def rows_of(text: str) -> Any:
            return client.query(f"SELECT {text} WHERE stream_id = 'sums'").result_rows

        for view, start in starts.items():
            assert rows_of(f"toUnixTimestamp({start}), emoji, region, reactions FROM ovation.{view}") == [
                (HOUR // 1000, "🔥", "eu", 21)
            ]
        assert rows_of("playback_ms, reactions FROM ovation.video_reactions") == [(119_000, 21)]
        assert rows_of("reactor, level FROM ovation.reactor_samples FINAL") == [((1 << 52) - 1, 2)]


def test_a_batch_without_a_kind_has_an_empty_table_of_it() -> None:
    nothing = sum_rows(SUM_TABLES["hour"], *(pd.Series([], dtype=object) for _ in range(4)))
    assert nothing.num_rows == 0
    assert nothing.schema.field("reactions").type == pa.uint64()
