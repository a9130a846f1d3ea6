"""Exports: the rows of a stream as they are, a page at a time, each row on one page.

Pages are in the order of the table's key, so that a page costs what its rows do. The page's last key is found first;
then ClickHouse writes the rows up to it, in the format that was asked for. Where the next page begins is known, then,
before the first byte leaves.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.tables import DATABASE, REACTIONS_VIEW, VOTES_VIEW
from gateway.history.client import History
from gateway.history.export_formats import Format
from gateway.history.times import text_of

MAX_ROWS = 5_000_000
USUAL_ROWS = 100_000
"""Rows of a page. However many there are, none of them waits in the gateway."""

Key = tuple[str, ...]
"""Where a page ends: the parts of the table's key below the stream, as text."""


@dataclass(frozen=True, slots=True)
class Table:
    """What can be exported. `after` and `until` compare a row's key with `{after_0}`… and `{until_0}`….

    They name the first part of the key by itself, because only so does ClickHouse find the place by its index.
    """

    name: str
    view: str
    columns: str
    order: str
    key: str
    time: str
    after: str
    until: str


REACTIONS = Table(
    name="reactions",
    view=REACTIONS_VIEW,
    columns="stream_id, window_start, emoji, region, reactions",
    order="window_start, emoji, region",
    key="toString(window_start), emoji, region",
    time="window_start",
    after="""window_start >= {after_0:DateTime64(3, 'UTC')}
    AND (window_start > {after_0:DateTime64(3, 'UTC')} OR (emoji, region) > ({after_1:String}, {after_2:String}))""",
    until="""window_start <= {until_0:DateTime64(3, 'UTC')}
    AND (window_start < {until_0:DateTime64(3, 'UTC')} OR (emoji, region) <= ({until_1:String}, {until_2:String}))""",
)
VOTES = Table(
    name="votes",
    view=VOTES_VIEW,
    # A voter is no column: only the order, which is that of a hash, comes from there.
    columns="stream_id, poll_id, choices, outcome, first_voted_at, counted_at",
    order="poll_id, voter",
    key="poll_id, voter",
    time="first_voted_at",
    after="""poll_id >= {after_0:String} AND (poll_id > {after_0:String} OR voter > {after_1:String})""",
    until="""poll_id <= {until_0:String} AND (poll_id < {until_0:String} OR voter <= {until_1:String})""",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: from `from_ms` to before `to_ms`, behind the key `after`, at most `limit`. None is no bound."""

    stream_id: str
    from_ms: int | None
    to_ms: int | None
    after: Key | None
    limit: int


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page. Behind `until` there are more, if that is not None."""

    table: Table
    wanted: Wanted
    until: Key | None


async def find_page(history: History, table: Table, wanted: Wanted) -> Page:
    """Return the page that begins behind a key. Raises Refused as `History.rows`."""
    where, parameters = _where(table, wanted, None)
    query = f"SELECT {table.key} {where} ORDER BY {table.order} LIMIT 2 OFFSET {{skipped:UInt64}}"
    last = await history.rows(query, {**parameters, "skipped": wanted.limit - 1})
    return Page(table, wanted, tuple(map(str, last[0])) if len(last) == 2 else None)


def rows_of(history: History, page: Page, form: Format) -> AsyncGenerator[bytes, None]:
    """Go through the rows of a page as a document. Raises Refused as `History.document`."""
    table, limit = page.table, page.wanted.limit
    where, parameters = _where(table, page.wanted, page.until)
    query = f"SELECT {table.columns} {where} ORDER BY {table.order} LIMIT {{rows:UInt64}}"
    return history.document(query, {**parameters, "rows": limit}, form.clickhouse, form.settings, limit)


def _where(table: Table, wanted: Wanted, until: Key | None) -> tuple[str, Mapping[str, Any]]:
    conditions = ["stream_id = {stream_id:String}"]
    parameters: dict[str, Any] = {"stream_id": wanted.stream_id}
    for name, sign, bound_ms in (("since", ">=", wanted.from_ms), ("before", "<", wanted.to_ms)):
        if bound_ms is not None:
            conditions.append(f"{table.time} {sign} {{{name}:DateTime64(3, 'UTC')}}")
            parameters[name] = text_of(bound_ms)
    for name, condition, key in (("after", table.after, wanted.after), ("until", table.until, until)):
        if key is not None:
            conditions.append(condition)
            parameters |= {f"{name}_{number}": part for number, part in enumerate(key)}
    return f"FROM {DATABASE}.{table.view} WHERE {_all(conditions)}", parameters


def _all(conditions: Sequence[str]) -> str:
    return " AND ".join(f"({condition})" for condition in conditions)
