"""The user that only reads."""

import base64
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from local.clickhouse.users import READER, user_of
from tests.sql.server import Server, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        client = server.client()
        client.command("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
        client.command("INSERT INTO t VALUES (1)")
        client.close()
        yield server


@pytest.fixture
def reader(server: Server) -> Iterator[Any]:
    client = server.client(username=READER)
    yield client
    client.close()


@pytest.mark.engine
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (2)",
        "INSERT INTO t SELECT 2",
        "INSERT INTO FUNCTION file('{folder}/written.csv') SELECT 1",
        "SELECT 1 INTO OUTFILE '{folder}/written.csv'",
        "CREATE TABLE u (n UInt64) ENGINE = Memory",
        "ALTER TABLE t DELETE WHERE 1",
        "TRUNCATE TABLE t",
        "DROP TABLE t",
        "OPTIMIZE TABLE t FINAL",
        "KILL QUERY WHERE 1",
        "SYSTEM STOP MERGES",
        "SET readonly = 0",
        "SELECT 1 SETTINGS readonly = 0",
        "WITH 2 AS n INSERT INTO t SELECT n",
    ],
)
def test_writes_nothing(reader: Any, server: Server, tmp_path: Any, sql: str) -> None:
    with pytest.raises(DatabaseError, match="INTO OUTFILE is not allowed" if "OUTFILE" in sql else "READONLY"):
        reader.command(sql.format(folder=tmp_path))
    assert not list(tmp_path.iterdir())
    assert reader.query("SELECT n FROM t").result_rows == [(1,)]


@pytest.mark.engine
def test_writes_nothing_through_insert_either(reader: Any) -> None:
    with pytest.raises(DatabaseError, match="READONLY"):
        reader.insert("t", [[2]], column_names=["n"])


@pytest.mark.engine
def test_asks_whatever_and_under_limits_of_its_own(reader: Any) -> None:
    assert reader.query("WITH 2 AS two SELECT two, {x:UInt8}", {"x": 3}, settings={"max_threads": 1}).result_rows
    for sql in (
        "SHOW TABLES",
        "DESCRIBE TABLE t",
        "EXPLAIN SELECT 1",
        "EXISTS TABLE t",
        "(SELECT 1) UNION ALL (SELECT 1)",
    ):
        assert reader.query(sql).result_rows, sql


@pytest.mark.engine
def test_cannot_become_another(server: Server) -> None:
    address = f"{server.url}/?user={READER}&readonly=0&query=INSERT+INTO+t+VALUES+(2)"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address, method="POST"))
    assert refused.value.headers["X-ClickHouse-Exception-Code"] == "164"
    refused.value.close()


def test_is_named_in_any_way_that_clickhouse_knows() -> None:
    basic = base64.b64encode(f"{READER}:secret".encode()).decode()
    assert user_of({"authorization": f"Basic {basic}"}, {}) == READER
    assert user_of({"x-clickhouse-user": READER}, {}) == READER
    assert user_of({}, {"user": READER}) == READER
    assert user_of({}, {}) == "default"
    assert user_of({"authorization": "Basic %"}, {}) == ""
