"""Brings a ClickHouse database to the schema of `sql/migrations`, over HTTP, so that it works on any server.

A migration is a pair of files, `0001_name.up.sql` and `0001_name.down.sql`. ClickHouse has no transactions, so every
statement in them can be repeated (`IF NOT EXISTS`, `IF EXISTS`): what failed half way is simply run again. The table
`ovation.schema_migrations` records what was applied, with a checksum of the file.

On a cluster the files of `sql/cluster` are applied, by way of one of its servers; every server has the record.
"""

import hashlib
import re
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.exceptions import ClickHouseError

from contracts.tables import DATABASE
from ovation.clickhouse import connect, server_of
from ovation.errors import OvationError
from ovation.migration_files import Migration, MigrationError, read_migrations, statements

_CLUSTER = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_RECORD = """
CREATE TABLE IF NOT EXISTS {table}
(
    number     UInt32               COMMENT 'Number of the migration',
    name       String               COMMENT 'Its name',
    checksum   String               COMMENT 'SHA-256 of the file that was applied',
    applied    Bool                 COMMENT 'False after it was undone',
    changed_at DateTime64(6, 'UTC') COMMENT 'When; the newest row of a number is the truth'
)
ENGINE = {engine}
ORDER BY number
COMMENT 'Migrations that were applied, written by ovation migrate'
"""


def migrate(
    url: str,
    user: str,
    password: str,
    sql_dir: Path,
    report: Callable[[str], None] = print,
    to: int | None = None,
    cluster: str | None = None,
    before_undoing: Callable[[list[str]], None] = lambda names: None,
) -> list[str]:
    """Apply every migration of `sql_dir` that is not applied yet, and return the names of those that were.

    With `to`, stop at that number; what is applied above it is undone, newest first (0 undoes all), and its names are
    returned. `before_undoing` is told which those are, and may raise. With `cluster`, do it on all servers of that
    name. `report` gets one line per migration.

    Raises MigrationError, with a sentence for the operator, when the server cannot be reached or refuses a statement,
    when an applied file has changed, when the database is ahead of `sql_dir`, and when it was made for a single server
    and shall be a cluster's, or the other way round.
    """
    if cluster is not None and _CLUSTER.fullmatch(cluster) is None:
        raise MigrationError("The name of a cluster has letters, digits, dots, dashes and underscores.")
    migrations = read_migrations(sql_dir)
    target = migrations[-1].number if to is None else to
    if target != 0 and target not in {migration.number for migration in migrations}:
        raise MigrationError(f"There is no migration {target} in {sql_dir}.")
    try:
        client = connect(url, user, password)
    except OvationError as error:
        raise MigrationError(str(error)) from error
    with closing(client):
        try:
            return _move(client, migrations, target, report, cluster, before_undoing)
        except ClickHouseError as error:
            raise MigrationError(f"ClickHouse at {server_of(url)} refused: {error}") from error


def record_statements(cluster: str | None) -> list[str]:
    """Return what makes the database and the table `schema_migrations`; on a cluster, all servers have the same one."""
    table, database, engine = f"{DATABASE}.schema_migrations", DATABASE, "ReplacingMergeTree(changed_at)"
    if cluster is not None:
        table, database = f"{table} ON CLUSTER '{cluster}'", f"{database} ON CLUSTER '{cluster}'"
        path = "/clickhouse/tables/{database}/schema_migrations"
        engine = f"ReplicatedReplacingMergeTree('{path}', '{{shard}}-{{replica}}', changed_at)"
    return [f"CREATE DATABASE IF NOT EXISTS {database}", _RECORD.format(table=table, engine=engine)]


def _move(
    client: Any,
    migrations: list[Migration],
    target: int,
    report: Callable[[str], None],
    cluster: str | None,
    before_undoing: Callable[[list[str]], None],
) -> list[str]:
    _check_cluster(client, cluster)
    for statement in record_statements(cluster):
        client.command(statement)
    applied = _applied(client)
    _check(migrations, applied)
    undo = [
        migration for migration in reversed(migrations) if migration.number in applied and migration.number > target
    ]
    apply = [migration for migration in migrations if migration.number not in applied and migration.number <= target]
    if undo:
        before_undoing([migration.name for migration in undo])
    for migration in undo:
        _run(client, migration, "undone", report, cluster)
    for migration in apply:
        _run(client, migration, "applied", report, cluster)
    return [migration.name for migration in (*undo, *apply)]


def _run(client: Any, migration: Migration, outcome: str, report: Callable[[str], None], cluster: str | None) -> None:
    started = time.monotonic()
    for statement in statements(migration.up if outcome == "applied" else migration.down):
        try:
            client.command(statement if cluster is None else statement.replace("{cluster}", cluster))
        except ClickHouseError as error:
            raise MigrationError(f"{migration.name} failed and can be run again once it is mended: {error}") from error
    client.command(
        f"INSERT INTO {DATABASE}.schema_migrations SETTINGS async_insert = 0 "
        "SELECT {number:UInt32}, {name:String}, {checksum:String}, {applied:Bool}, now64(6)",
        parameters={
            "number": migration.number,
            "name": migration.name,
            "checksum": _checksum(migration),
            "applied": outcome == "applied",
        },
    )
    report(f"{migration.name} {outcome} in {(time.monotonic() - started) * 1000:.0f} ms")


def _check_cluster(client: Any, cluster: str | None) -> None:
    record = "SELECT engine FROM system.tables WHERE database = {database:String} AND name = 'schema_migrations'"
    rows = client.query(record, {"database": DATABASE}).result_rows
    if rows and (rows[0][0] == "ReplacingMergeTree") != (cluster is None):
        made_for = "a single server" if cluster else "a cluster: name it with --cluster"
        raise MigrationError(f"The database {DATABASE} was made for {made_for}.")
    if cluster is not None:
        names = [name for (name,) in client.query("SELECT DISTINCT cluster FROM system.clusters").result_rows]
        if cluster not in names:
            raise MigrationError(f"This server knows no cluster {cluster}, but {', '.join(names) or 'none at all'}.")


def _applied(client: Any) -> dict[int, tuple[str, str]]:
    rows = client.query(f"SELECT number, name, checksum FROM {DATABASE}.schema_migrations FINAL WHERE applied")  # noqa: S608
    return {number: (name, checksum) for number, name, checksum in rows.result_rows}


def _check(migrations: list[Migration], applied: dict[int, tuple[str, str]]) -> None:
    known = {migration.number: migration for migration in migrations}
    for number, (name, checksum) in sorted(applied.items()):
        if number not in known:
            raise MigrationError(f"The database has {name}, which is not here: it was migrated by a newer version.")
        if _checksum(known[number]) != checksum:
            raise MigrationError(
                f"{known[number].name} was changed after it was applied. Put the file back, and write a new migration."
            )


def _checksum(migration: Migration) -> str:
    return hashlib.sha256(migration.up.encode()).hexdigest()
