"""Makes the files of `sql/cluster` from those of `sql/migrations`: `python -m ovation.cluster_sql`.

On a cluster every table and view of the schema stands twice. `NAME_local`, on each shard, is the table or view itself,
replicated within the shard. `NAME`, which programs read and write, is a Distributed table over it. The shard of a row
follows from its stream. So all versions of a row, and all that a view joins, lie on one shard: `FINAL`, joins and sums
by stream are done there, each exactly, and the results are put together.

`{cluster}`, `{shard}` and `{replica}` are macros of the servers; `ovation migrate --cluster NAME` puts the name for the
first.
"""

import re
from collections.abc import Callable
from pathlib import Path

from contracts.tables import DATABASE
from ovation.data_dir import CHECKOUT
from ovation.migration_files import OPAQUE, MigrationError, read_migrations, statements

SOURCE = CHECKOUT / "sql" / "migrations"
TARGET = CHECKOUT / "sql" / "cluster"

ON_CLUSTER = "ON CLUSTER '{cluster}'"
REPLICATED = "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', "
_SHARDING_KEY = "cityHash64(stream_id)"

_NAME = re.compile(rf"\b{DATABASE}\.(\w+)")
_LEAD = re.compile(r"(?:\s*--[^\n]*\n)*\s*")
_COMMENT = re.compile(r"\nCOMMENT ('(?:[^'\\]|\\.)*')\s*$")
_ENGINE = re.compile(r"\bENGINE = ReplacingMergeTree\(")
# What an ALTER may do to the columns of both, and what only the table with the rows can take.
_OF_COLUMNS = re.compile(r"(?:ADD|DROP|COMMENT|MODIFY) COLUMN\b")
_OF_ROWS = re.compile(
    r"(?:(?:ADD|DROP|MATERIALIZE|CLEAR) (?:INDEX|PROJECTION|STATISTICS)|MODIFY (?:TTL|SETTING|ORDER BY)|REMOVE TTL"
    r"|MATERIALIZE (?:TTL|COLUMN)|RESET SETTING)\b"
)


def convert(text: str, name: str) -> str:
    """Return a file of `sql/migrations` as it must be on a cluster. Raises MigrationError for what it does not know."""
    parts = [part for statement in statements(text) for part in _convert(statement, name)]
    head = f"-- Made by `python -m ovation.cluster_sql` from sql/migrations/{name}. Change that, and make this again.\n"
    return "\n\n".join([head.rstrip(), *(f"{part};" for part in parts)]) + "\n"


def write(source: Path = SOURCE, target: Path = TARGET) -> None:
    """Write every file."""
    target.mkdir(exist_ok=True)
    for migration in read_migrations(source):
        for direction, text in (("up", migration.up), ("down", migration.down)):
            name = f"{migration.name}.{direction}.sql"
            (target / name).write_text(convert(text, name), encoding="utf-8")


def _convert(statement: str, name: str) -> list[str]:
    lead = _LEAD.match(statement)
    at = lead.end() if lead else 0
    comment, sql = statement[:at], statement[at:]
    for beginning, made in _KNOWN.items():
        found = re.match(rf"{beginning}{DATABASE}\.(\w+)\s", sql + "\n")
        if found:
            first, *rest = made(sql, found[1])
            return [comment + first, *rest]
    raise MigrationError(f"{name} has a statement that has no form for a cluster yet: {sql.splitlines()[0]}")


def _table(sql: str, table: str) -> list[str]:
    local, engines = _ENGINE.subn(f"ENGINE = {REPLICATED}", _on_cluster(sql, table))
    if engines != 1:
        raise MigrationError(f"{DATABASE}.{table} has an engine that has no form for a cluster yet.")
    return [local, _distributed("CREATE TABLE IF NOT EXISTS", sql, table)]


def _view(sql: str, view: str) -> list[str]:
    return [_on_cluster(sql, view), _distributed("CREATE TABLE IF NOT EXISTS", sql, view)]


def _new_view(sql: str, view: str) -> list[str]:
    # Nobody writes to a view, so no row waits in the table that is replaced.
    return [_on_cluster(sql, view), _distributed("CREATE OR REPLACE TABLE", sql, view)]


def _alter(sql: str, table: str) -> list[str]:
    local = _on_cluster(sql, table)
    if _OF_ROWS.search(sql):
        if _OF_COLUMNS.search(sql):
            raise MigrationError(f"Split the ALTER of {DATABASE}.{table}: its columns, and what is of its rows only.")
        return [local]
    far = sql.replace(f"{DATABASE}.{table}", f"{DATABASE}.{table} {ON_CLUSTER}", 1)
    # What has a column is asked for it: the table with the rows gets it first and loses it last.
    return [far, local] if "DROP COLUMN" in sql else [local, far]


def _drop(sql: str, table: str) -> list[str]:
    # Without SYNC the table's place in Keeper stays taken for minutes, and it could not be made again.
    return [f"DROP TABLE IF EXISTS {DATABASE}.{table} {ON_CLUSTER} SYNC", f"{_on_cluster(sql, table)} SYNC"]


def _insert(sql: str, table: str) -> list[str]:
    # Once, by whoever is asked, over all shards; and stored when it is answered, since the next statement may read it.
    into = f"INSERT INTO {DATABASE}.{table}"
    return [sql.replace(into, f"{into} SETTINGS distributed_foreground_insert = 1", 1)]


_KNOWN: dict[str, Callable[[str, str], list[str]]] = {
    "CREATE TABLE IF NOT EXISTS ": _table,
    "CREATE VIEW IF NOT EXISTS ": _view,
    "CREATE OR REPLACE VIEW ": _new_view,
    "ALTER TABLE ": _alter,
    "DROP (?:TABLE|VIEW) IF EXISTS ": _drop,
    "INSERT INTO ": _insert,
}


def _distributed(create: str, sql: str, name: str) -> str:
    comment = _COMMENT.search(sql)
    if comment is None:
        raise MigrationError(f"{DATABASE}.{name} has no comment.")
    return (
        f"{create} {DATABASE}.{name} {ON_CLUSTER} AS {DATABASE}.{name}_local\n"
        f"ENGINE = Distributed('{{cluster}}', '{DATABASE}', '{name}_local', {_SHARDING_KEY})\n"
        f"COMMENT {comment[1]}"
    )


def _on_cluster(sql: str, name: str) -> str:
    """Let a statement speak of what each shard has, and be done on all servers."""
    local = _outside_of_text(sql, lambda part: _NAME.sub(rf"{DATABASE}.\1_local", part))
    return local.replace(f"{DATABASE}.{name}_local", f"{DATABASE}.{name}_local {ON_CLUSTER}", 1)


def _outside_of_text(sql: str, change: Callable[[str], str]) -> str:
    parts, end = [], 0
    for found in OPAQUE.finditer(sql):
        parts += [change(sql[end : found.start()]), found.group()]
        end = found.end()
    return "".join([*parts, change(sql[end:])])


if __name__ == "__main__":
    write()
