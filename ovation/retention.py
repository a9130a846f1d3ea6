"""How long each table of the history is kept: for ever, unless an operator says otherwise.

ClickHouse removes what is too old by itself (TTL). It does so part by part, and a replaced row may lie in another part
than the row that replaced it; so a table expires by a time with which the newest row never goes before an older one:
a column of its key, which all versions of a row share, or one that grows with the version.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from contracts import tables
from contracts.tables import DATABASE
from ovation.errors import OvationError

Unit = Literal["d", "w", "y"]

SHORTEST_DAYS = 10
"""Kafka retains votes for 8 days, and a job remembers a voter for 9: whoever counts them again must find the row."""
LONGEST_YEARS = 50
"""ClickHouse's clock for this ends in 2106, and begins anew."""

_DAYS: Mapping[Unit, int] = {"d": 1, "w": 7, "y": 365}
_INTERVALS: Mapping[Unit, str] = {"d": "toIntervalDay", "w": "toIntervalWeek", "y": "toIntervalYear"}
_SAID = re.compile(r"(?P<kind>[a-z]+)=(?:(?P<forever>forever)|(?P<number>\d{1,5})(?P<unit>[dwy]))")
_TTL = re.compile(r"\bTTL (?P<what>.+?)(?= SETTINGS |$)")
_OURS = re.compile(r"toDateTime\(\w+\) \+ (?P<interval>toInterval(?:Day|Week|Year))\((?P<number>\d+)\)")
_DISTRIBUTED = re.compile(r"Distributed\('(?P<cluster>[^']+)', '[^']*', '(?P<table>\w+)'")


@dataclass(frozen=True, slots=True)
class Kind:
    """What an operator names: its table, and the column by which it expires; without one it is always kept."""

    table: str
    holds: str
    expires_by: str | None


KINDS: Mapping[str, Kind] = {
    "windows": Kind(tables.REACTION_WINDOWS, "taps by second", "window_start"),
    "minutes": Kind(tables.REACTION_MINUTES, "taps by minute", "minute_start"),
    "hours": Kind(tables.REACTION_HOURS, "taps by hour", "hour_start"),
    "video": Kind(tables.VIDEO_WINDOWS, "taps by second of the video", "stored_at"),
    "reactors": Kind(tables.REACTOR_SAMPLES, "a sample of who tapped", "minute_start"),
    "ballots": Kind(tables.BALLOTS, "one row per voter and poll", "last_voted_at"),
    # The row that ends a stream would go, and an older one stay that says it is live: `ended_at` is NULL there.
    "streams": Kind(tables.STREAMS, "what the broadcaster said of a stream", None),
    "polls": Kind(tables.POLLS, "questions, options and rules", None),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as an operator says it: `90d`, `6w`, `2y`."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    @property
    def interval(self) -> str:
        """ClickHouse's own spelling."""
        return f"{_INTERVALS[self.unit]}({self.number})"


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


def read_wishes(words: Sequence[str]) -> dict[str, Span | None]:
    """Read `windows=90d minutes=2y reactors=forever`; None is for ever. Raises OvationError."""
    wishes: dict[str, Span | None] = {}
    for word in words:
        found = _SAID.fullmatch(word)
        if found is None:
            raise OvationError(f"{word} is not like windows=90d, minutes=2y, reactors=6w or ballots=forever.")
        kind = found["kind"]
        if kind not in KINDS:
            raise OvationError(f"{kind} is none of {', '.join(KINDS)}.")
        if kind in wishes:
            raise OvationError(f"{kind} is said twice.")
        wishes[kind] = None if found["forever"] else _span(kind, int(found["number"]), found["unit"])
    return wishes


def _span(kind: str, number: int, unit: Any) -> Span:
    if KINDS[kind].expires_by is None:
        raise OvationError(f"{kind} are always kept: they are few, and everything else is read with them.")
    days = number * _DAYS[unit]
    if not SHORTEST_DAYS <= days <= LONGEST_YEARS * _DAYS["y"]:
        raise OvationError(f"{kind} can be kept for {SHORTEST_DAYS}d to {LONGEST_YEARS}y, or forever.")
    return Span(number, unit)


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
    [unit] = [unit for unit, interval in _INTERVALS.items() if interval == ours["interval"]]
    return Span(int(ours["number"]), unit)
