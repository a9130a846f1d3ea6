"""Reads the boards, and fills in a query as Grafana and its ClickHouse plugin do before they send it.

Variables are Grafana's formats; macros are those of grafana-clickhouse-datasource 4.20 (`pkg/macros/macros.go` and, for
`$__conditionalAll`, `src/data/CHDatasource.ts`). What is left over then is refused: it would reach ClickHouse.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.paths import CHECKOUT

FOLDER = CHECKOUT / "sql" / "grafana"
BOARDS = sorted((FOLDER / "dashboards").glob("*.json"))
ALL = "$__all"
CLICKHOUSE, PROMETHEUS = "grafana-clickhouse-datasource", "prometheus"


@dataclass(frozen=True)
class Look:
    """What somebody has chosen on a board: a time range, how long a step is, and variables by name."""

    begins: dt.datetime
    ends: dt.datetime
    interval_s: int
    variables: Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Target:
    """One query of one panel."""

    board: str
    panel: dict[str, Any]
    query: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.board}: {self.panel['title']}"


def board(path: Path) -> dict[str, Any]:
    """Return a board as Grafana reads it."""
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def panels(path: Path) -> list[dict[str, Any]]:
    """Return a board's panels, without the rows that part them."""
    return [panel for panel in board(path)["panels"] if panel["type"] != "row"]


def targets(data_source: str) -> list[Target]:
    """Return all queries to one kind of data source."""
    return [
        Target(path.stem, panel, query)
        for path in BOARDS
        for panel in panels(path)
        for query in panel["targets"]
        if query["datasource"]["type"] == data_source
    ]


def filled(sql: str, look: Look) -> str:
    """Return the SQL that ClickHouse is sent. Raises ValueError for what nobody would fill in."""
    sql = _macros(_variables(_conditional(sql, look), look), look)
    if left := re.search(r"\$\w+|\$\{[^}]*\}", sql):
        raise ValueError(f"{left[0]} is nothing that is filled in")
    return sql


def _conditional(sql: str, look: Look) -> str:
    macro = "$__conditionalAll("
    while (start := sql.rfind(macro)) != -1:
        end = _closing(sql, start + len(macro))
        condition, _, variable = sql[start + len(macro) : end].rpartition(",")
        chosen = look.variables[variable.strip().removeprefix("$")]
        sql = sql[:start] + ("1=1" if chosen == ALL else condition) + sql[end + 1 :]
    return sql


def _variables(sql: str, look: Look) -> str:
    def fill(found: re.Match[str]) -> str:
        chosen = look.variables[found[1]]
        values = [chosen] if isinstance(chosen, str) else chosen
        return ",".join("'" + value.replace("'", "\\'") + "'" for value in values)

    return re.sub(r"\$\{(\w+):singlequote\}", fill, sql)


def _macros(sql: str, look: Look) -> str:
    begins, ends = (f"toDateTime({int(moment.timestamp())})" for moment in (look.begins, look.ends))
    sql = re.sub(r"\$__timeFilter\((\w+)\)", rf"\1 >= {begins} AND \1 <= {ends}", sql)
    interval = rf"toStartOfInterval(toDateTime(\1), INTERVAL {look.interval_s} second)"
    sql = re.sub(r"\$__timeInterval\((\w+)\)", interval, sql)
    sql = re.sub(r"\$__interval_s\b", str(look.interval_s), sql)
    return re.sub(r"\$__toTime\b", ends, re.sub(r"\$__fromTime\b", begins, sql))


def _closing(text: str, start: int) -> int:
    """Return where the parenthesis closes that was opened just before `start`."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError("a parenthesis is left open")


def metric_names(expression: str) -> Iterator[str]:
    """Yield the names of metrics in PromQL: words that are no function, keyword, label or variable."""
    without_labels = re.sub(
        r"\{[^}]*\}|\[[^\]]*\]|\b(by|without|on|ignoring)\s*\([^)]*\)|\b(and|or|unless)\b", " ", expression
    )
    for found in re.finditer(r"[A-Za-z_:][\w:]*(?!\w)(\s*\()?", without_labels):
        if found[1] is None:
            yield found[0]
