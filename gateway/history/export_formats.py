"""Formats of exports. ClickHouse writes them; here is what they are called, and what in them must not surprise."""

from collections.abc import Mapping
from dataclasses import dataclass

_TEXT = {"date_time_output_format": "iso", "output_format_json_quote_64bit_integers": "0"}
"""Times say that they are UTC: 2026-01-10T20:00:00.000Z."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name in a query and at the end of a file's, its media type, and how ClickHouse calls it."""

    name: str
    media_type: str
    clickhouse: str
    settings: Mapping[str, str]


FORMATS = {
    each.name: each
    for each in (
        Format("csv", "text/csv", "CSVWithNames", _TEXT),
        # How long it took would make two answers of the same rows differ.
        Format("json", "application/json", "JSON", {**_TEXT, "output_format_write_statistics": "0"}),
        Format("ndjson", "application/x-ndjson", "JSONEachRow", _TEXT),
        # A group of rows is held until it is written.
        Format(
            "parquet",
            "application/vnd.apache.parquet",
            "Parquet",
            {"output_format_parquet_row_group_size": "100000"},
        ),
        Format("arrow", "application/vnd.apache.arrow.stream", "ArrowStream", {}),
    )
}
