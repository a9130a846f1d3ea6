"""How long each table of the history is kept: for ever, unless an operator says otherwise.

ClickHouse removes what is too old by itself (TTL). It does so part by part, and a replaced row may lie in another part
than the row that replaced it; so a table expires by a time with which the newest row never goes before an older one:
a column of its key, which all versions of a row share, or one that grows with the version.
"""

import re
from dataclasses import dataclass
from typing import Any

from contracts.tables import DATABASE
from ovation.errors import OvationError
from ovation.retention.wishes import INTERVALS, KINDS, Kind, Span

_TTL = re.compile(r"\bTTL (?P<what>.+?)(?= SETTINGS |$)")
_OURS = re.compile(r"toDateTime\(\w+\) \+ (?P<interval>toInterval(?:Day|Week|Year))\((?P<number>\d+)\)")
_DISTRIBUTED = re.compile(r"Distributed\('(?P<cluster>[^']+)', '[^']*', '(?P<table>\w+)'")


@dataclass(frozen=True, slots=True)
class Kept:
    """A table as it is: for how long it is kept, None for ever, or by whose own rule; and how much it holds."""

    kind: str
    span: Span | str | None
    rows: int
    bytes: int
    since: str
    """The oldest month that it holds, `YYYY-MM`; empty if it does not go by months."""

    @property
    def words(self) -> str:
        return "for ever" if self.span is None else str(self.span)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the rows of a table are: on this server, or in a table on each shard of a cluster."""

    table: str
    cluster: str | None
    ttl: str | None

    @property
    def on_cluster(self) -> str:
        return "" if self.cluster is None else f" ON CLUSTER '{self.cluster}'"

    def system(self, name: str) -> str:
        """Return a system table, of one replica of each shard."""
        return f"system.{name}" if self.cluster is None else f"cluster('{self.cluster}', system.{name})"


def kept(client: Any) -> list[Kept]:
    """Return every table as it is. Raises OvationError where one is missing."""
    return [_kept(client, name, kind) for name, kind in KINDS.items()]


def expired(client: Any, kind: str, span: Span) -> int:
    """Return how many of a table's rows are older than that; replaced ones count."""
    sql = f"SELECT count() FROM {DATABASE}.{KINDS[kind].table} WHERE {_rule(kind, span)} < now()"  # noqa: S608
    return int(client.command(sql))


def keep(client: Any, kind: str, span: Span | None) -> None:
    """Keep a table for so long from now on; what is older goes within hours, and does not come back."""
    place = _place(client, kind)
    table = f"{DATABASE}.{place.table}{place.on_cluster}"
    if span is not None:
        client.command(f"ALTER TABLE {table} MODIFY TTL {_rule(kind, span)}")
    elif place.ttl is not None:
        client.command(f"ALTER TABLE {table} REMOVE TTL")


def _rule(kind: str, span: Span) -> str:
    return f"toDateTime({KINDS[kind].expires_by}) + {span.interval}"


def _kept(client: Any, name: str, kind: Kind) -> Kept:
    place = _place(client, name)
    sql = (
        "SELECT sum(rows), sum(bytes_on_disk), minIf(partition, rows > 0 AND partition != 'tuple()') "  # noqa: S608
        f"FROM {place.system('parts')} WHERE active AND database = {{database:String}} AND table = {{table:String}}"
    )
    [(rows, size, month)] = client.query(sql, {"database": DATABASE, "table": place.table}).result_rows
    since = f"{month[:4]}-{month[4:]}" if month else ""
    return Kept(name, _said(place.ttl), rows, size, since)


def _place(client: Any, kind: str) -> _Place:
    engine = _engine(client, KINDS[kind].table)
    far = _DISTRIBUTED.match(engine)
    if far:
        engine = _engine(client, far["table"])
    ttl = _TTL.search(engine)
    table, cluster = (far["table"], far["cluster"]) if far else (KINDS[kind].table, None)
    return _Place(table, cluster, ttl["what"] if ttl else None)


def _engine(client: Any, table: str) -> str:
    sql = "SELECT engine_full FROM system.tables WHERE database = {database:String} AND name = {table:String}"
    rows = client.query(sql, {"database": DATABASE, "table": table}).result_rows
    if not rows:
        raise OvationError(f"There is no table {DATABASE}.{table}: `ovation migrate` makes it.")
    return str(rows[0][0])


def _said(ttl: str | None) -> Span | str | None:
    """Read back what `keep` wrote; a rule that somebody else wrote stays as it is."""
    ours = _OURS.fullmatch(ttl or "")
    if ours is None:
        return ttl
    [unit] = [unit for unit, interval in INTERVALS.items() if interval == ours["interval"]]
    return Span(int(ours["number"]), unit)
