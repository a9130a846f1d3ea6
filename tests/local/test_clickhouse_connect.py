"""The HTTP interface as clickhouse-connect uses it: its handshake, inserts, reads, parameters and errors."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.sql.server import Server, running

pytestmark = pytest.mark.engine
COLUMNS = "id UInt64, name LowCardinality(String), tags Array(LowCardinality(String)), at DateTime64(3, 'UTC')"
MOMENT = dt.datetime(2026, 1, 10, 20, 0, 0, 123000)
ROWS = [(1, "Ada", ["1", "2"], MOMENT), (2, "Grace 👏", [], MOMENT)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Any]:
    client = server.client()
    yield client
    client.close()


@pytest.fixture
def table(client: Any) -> str:
    client.command(f"CREATE OR REPLACE TABLE people ({COLUMNS}) ENGINE = MergeTree ORDER BY id")
    return "people"


def test_writes_and_reads(client: Any, table: str) -> None:
    names = ["id", "name", "tags", "at"]
    assert client.insert(table, ROWS, column_names=names).written_rows == 2
    arrow = pa.table(
        {
            "id": pa.array([3], pa.uint64()),
            "name": ["Hedy"],
            "tags": pa.array([["3"]]),
            "at": pa.array([MOMENT], pa.timestamp("ms", "UTC")),
        }
    )
    assert client.insert_arrow(table, arrow, settings={"async_insert": 0}).written_rows == 1
    # A batch without any choice at all has a list of no type.
    assert client.insert_arrow(table, arrow.set_column(2, "tags", pa.array([[]]))).written_rows == 1
    frame = pd.DataFrame({"id": [4], "name": ["Mary"], "tags": [["4"]], "at": pd.to_datetime([MOMENT], utc=True)})
    assert client.insert_df(table, frame).written_rows == 1
    expected = [*ROWS, (3, "Hedy", [], MOMENT), (3, "Hedy", ["3"], MOMENT), (4, "Mary", ["4"], MOMENT)]
    query = f"SELECT * FROM {table} ORDER BY id, tags"
    assert client.query(query).result_rows == expected
    assert client.query_arrow(query)["name"].to_pylist() == [row[1] for row in expected]
    assert client.query_df(query)["tags"].tolist() == [row[2] for row in expected]
    assert client.query(f"SELECT * FROM {table} LIMIT 0").column_names == tuple(names)


def test_without_compression(server: Server, table: str) -> None:
    client = server.client(compress=False)
    client.insert(table, ROWS)
    assert client.query(f"SELECT * FROM {table} ORDER BY id").result_rows == ROWS
    client.close()


@pytest.mark.parametrize("text", ["it's\na \\ 👏", "x" * 9000], ids=["in the address", "in a form"])
def test_parameters(client: Any, text: str) -> None:
    assert client.query(
        "SELECT {text:String}, {list:Array(String)}", {"text": text, "list": ["a", "'b'"]}
    ).result_rows == [(text, ["a", "'b'"])]


def test_errors_and_commands(client: Any) -> None:
    with pytest.raises(DatabaseError, match="UNKNOWN_IDENTIFIER"):
        client.query("SELECT nope")
    assert client.command("SELECT version()") == client.server_version
    assert client.ping()
