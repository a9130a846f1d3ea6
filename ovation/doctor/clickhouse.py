"""ClickHouse: whether it answers, whether its tables are this version's, and how full it is."""

import time
from contextlib import closing
from typing import Any

from clickhouse_connect.driver.exceptions import ClickHouseError

from contracts.tables import DATABASE
from ovation.clickhouse import connect
from ovation.data_dir import CHECKOUT
from ovation.doctor import clock, disk
from ovation.doctor.finding import Finding, broken, warning
from ovation.doctor.place import Place
from ovation.errors import OvationError
from ovation.migration_files import read_migrations

PART = "clickhouse"
_TIMEOUT_S = 5
_MOST_PARTS = 300
"""Of one partition. From 1,000 on the server slows inserts down, and from 3,000 on it refuses them."""


def check(place: Place) -> list[Finding]:
    """Ask ClickHouse at `place`."""
    addresses = place.addresses
    try:
        client = connect(
            addresses.clickhouse_url,
            addresses.clickhouse_user,
            addresses.clickhouse_password.get_secret_value(),
            _TIMEOUT_S,
        )
    except OvationError as error:
        return [
            broken(
                PART,
                str(error),
                "History stands still, no result becomes final, and receipts have no outcome. Screens go on, and Kafka "
                "keeps what is missing for as long as it retains its topics.",
                place.start(PART),
            )
        ]
    with closing(client):
        try:
            reading = clock.read(lambda: float(_one(client, "SELECT toFloat64(now64(6))")), time.time)
            return [*_schema(place, client), *_parts(client), *_disks(client), *clock.compare(PART, reading)]
        except ClickHouseError as error:
            return [
                broken(
                    PART,
                    f"It refuses to be asked: {str(error).splitlines()[0]}",
                    "What the jobs and gateways ask of it may fail in the same way.",
                    place.log(PART),
                )
            ]


def _one(client: Any, sql: str, **parameters: object) -> Any:
    return client.query(sql, parameters).result_rows[0][0]


def _schema(place: Place, client: Any) -> list[Finding]:
    mend = place.ovation("migrate")
    table = "SELECT count() FROM system.tables WHERE database = {database:String} AND name = 'schema_migrations'"
    if not _one(client, table, database=DATABASE):
        return [broken(PART, "It has no tables of Ovation's.", "History is written nowhere.", mend)]
    applied = _one(client, f"SELECT maxIf(number, applied) FROM {DATABASE}.schema_migrations FINAL")  # noqa: S608
    newest = read_migrations(CHECKOUT / "sql" / "migrations")[-1]
    if applied < newest.number:
        return [
            broken(
                PART,
                f"Its tables are those of migration {applied}, and this version needs {newest.number}.",
                "Jobs and queries of this version miss columns or tables.",
                mend,
            )
        ]
    return []


def _parts(client: Any) -> list[Finding]:
    sql = """
        SELECT table, partition, count() AS parts FROM system.parts
        WHERE active AND database = {database:String} GROUP BY table, partition HAVING parts > {most:UInt32}
        ORDER BY parts DESC LIMIT 1
    """
    rows = client.query(sql, {"database": DATABASE, "most": _MOST_PARTS}).result_rows
    return [
        warning(
            PART,
            f"The table {table} has {parts} unmerged parts in one partition.",
            "Merging does not keep up; from 1,000 on inserts are slowed down, and then refused.",
            f"clickhouse-client -q 'OPTIMIZE TABLE {DATABASE}.{table}'    # and look for a full or slow disk",
        )
        for table, _, parts in rows
    ]


def _disks(client: Any) -> list[Finding]:
    disks = client.query("SELECT name, path, free_space, total_space FROM system.disks").result_rows
    return [
        finding for name, path, free, total in disks for finding in disk.judge(PART, f"{name} ({path})", free, total)
    ]
