"""The HTTP interface as curl sees it."""

import gzip
import http.client
import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

import lz4.frame
import pytest

from tests.sql.server import Server, running

pytestmark = pytest.mark.engine
COLUMNS = "id UInt64, name LowCardinality(String), tags Array(LowCardinality(String)), at DateTime64(3, 'UTC')"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        yield server


@pytest.fixture
def table(server: Server) -> str:
    answer = send(server, f"CREATE OR REPLACE TABLE people ({COLUMNS}) ENGINE = MergeTree ORDER BY id")
    assert answer.status == 200
    return "people"


def send(server: Server, body: bytes | str = b"", method: str = "POST", path: str = "/", **options: str) -> Answer:
    """One request; `options` are parameters of the address, or headers where they begin with a capital letter."""
    headers = {name.replace("_", "-"): value for name, value in options.items() if name[0].isupper()}
    parameters = {name: value for name, value in options.items() if not name[0].isupper()}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, f"{path}?{urllib.parse.urlencode(parameters)}", body or None, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/ping", "/", "/replicas_status"])
def test_health(server: Server, path: str) -> None:
    answer = send(server, method="GET", path=path)
    assert (answer.status, answer.body) == (200, b"Ok.\n")


def test_headers_of_an_answer(server: Server) -> None:
    answer = send(server, "SELECT number FROM numbers(3)", default_format="JSONEachRow", query_id="mine")
    assert [json.loads(line)["number"] for line in answer.body.splitlines()] == [0, 1, 2]
    assert answer.headers["Content-Type"] == "application/x-ndjson; charset=UTF-8"
    assert answer.headers["X-ClickHouse-Format"] == "JSONEachRow"
    assert answer.headers["X-ClickHouse-Query-Id"] == "mine"
    assert answer.headers["X-ClickHouse-Timezone"]
    assert answer.headers["X-ClickHouse-Server-Display-Name"]
    assert json.loads(answer.headers["X-ClickHouse-Summary"])["read_rows"] == "3"


def test_the_statement_may_be_in_the_address_the_body_or_both(server: Server) -> None:
    assert send(server, method="GET", query="SELECT 1").body == b"1\n"
    assert send(server, "SELECT 2 FORMAT CSV").body == b"2\n"
    assert send(server, "+ 2", query="SELECT 1").body == b"3\n"


def test_parameters_and_settings_and_database(server: Server) -> None:
    answer = send(
        server,
        "SELECT {text:String}, {list:Array(UInt8)}, getSetting('max_threads'), currentDatabase()",
        param_text="it's a\\ttab 👏",
        param_list="[1,2]",
        max_threads="1",
        database="system",
    )
    assert answer.body.decode() == "it\\'s a\\ttab 👏\t[1,2]\t1\tsystem\n"
    # Nothing of it stays for the next request.
    assert send(server, "SELECT currentDatabase()").body == b"default\n"


@pytest.mark.parametrize(
    ("sql", "options", "status", "code", "text"),
    [
        ("SELECT nope", {}, 404, "47", "UNKNOWN_IDENTIFIER"),
        ("SELEC 1", {}, 400, "62", "SYNTAX_ERROR"),
        ("", {}, 400, "62", "Empty query"),
        ("SELECT 1; SELECT 2", {}, 400, "62", "Multi-statements"),
        ("SELECT * FROM nowhere", {}, 404, "60", "UNKNOWN_TABLE"),
        ("INSERT INTO nowhere FORMAT CSV\n1", {}, 404, "60", "UNKNOWN_TABLE"),
        ("SELECT 1 FORMAT Nope", {}, 404, "73", "UNKNOWN_FORMAT"),
        ("SELECT 1", {"database": "nowhere"}, 404, "81", "UNKNOWN_DATABASE"),
        ("SELECT 1", {"no_such_setting": "1"}, 404, "115", "UNKNOWN_SETTING"),
        ("SELECT 1", {"a b": "1"}, 404, "115", "UNKNOWN_SETTING"),
        ("SELECT 1", {"compress": "1"}, 501, "48", "NOT_IMPLEMENTED"),
        ("SELECT {x:UInt8}", {"param_x": "many"}, 500, "457", "BAD_QUERY_PARAMETER"),
        ("SELECT throwIf(number = 3) FROM numbers(9)", {}, 500, "395", "FUNCTION_THROW_IF"),
        ("SELECT number FROM numbers(90000)", {"max_result_bytes": "100000"}, 500, "396", "TOO_MANY_ROWS_OR_BYTES"),
    ],
)
def test_errors(server: Server, sql: str, options: dict[str, str], status: int, code: str, text: str) -> None:
    answer = send(server, sql, **options)
    shown = answer.body.decode()
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (status, code)
    assert shown.startswith(f"Code: {code}. DB::Exception: ") and text in shown and "(version " in shown
    assert shown.count("\n") == 1


def test_bytes_that_are_no_text_are_answered_too(server: Server, table: str) -> None:
    answer = send(server, b"SELEC \xff")
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (400, "62")
    assert send(server, b"SELECT '\xff'").body == b"\xff\n"
    assert send(server, f"INSERT INTO {table} (id) VALUES (1)", default_format="日本").status == 200


def test_get_changes_nothing(server: Server, table: str) -> None:
    answer = send(server, method="GET", query=f"INSERT INTO {table} (id) VALUES (1)")
    assert (answer.headers["X-ClickHouse-Exception-Code"], b"readonly" in answer.body) == ("164", True)
    assert send(server, f"SELECT count() FROM {table}").body == b"0\n"


def test_a_page_from_elsewhere_is_refused(server: Server) -> None:
    assert send(server, "SELECT 1", Origin="https://elsewhere.example").status == 403
    assert send(server, "SELECT 1", Host="elsewhere.example").status == 400
    assert send(server, "SELECT 1", Origin=server.url, Host=f"127.0.0.1:{server.port}").status == 200


@pytest.mark.parametrize(
    ("sql", "data"),
    [
        (
            "INSERT INTO people FORMAT JSONEachRow",
            b'{"id": 7, "name": "Hedy", "tags": ["1"], "at": "2026-01-10 20:00:00.5"}',
        ),
        ("INSERT INTO people FORMAT CSV", b"7,Hedy,\"['1']\",2026-01-10 20:00:00.5"),
        ("INSERT INTO people VALUES", b"(7, upper('hedy'), ['1'], '2026-01-10 20:00:00.5')"),
        ("INSERT INTO people FORMAT TabSeparated", b"7\tHedy\t['1']\t2026-01-10 20:00:00.500\n"),
    ],
)
def test_inserts_in_text_formats(server: Server, table: str, sql: str, data: bytes) -> None:
    for body, options in ((data, {"query": sql}), (f"{sql}\n".encode() + data, {})):
        answer = send(server, body, **options)
        assert answer.status == 200, answer.body
        assert json.loads(answer.headers["X-ClickHouse-Summary"])["written_rows"] == "1"
    found = send(server, f"SELECT count(), any(lower(name)), any(tags), any(at) FROM {table}").body
    assert found == b"2\thedy\t['1']\t2026-01-10 20:00:00.500\n"


def test_a_damaged_row_inserts_nothing(server: Server, table: str) -> None:
    answer = send(server, b"7\n8\nnine\n", query=f"INSERT INTO {table} (id) FORMAT CSV")
    assert answer.status == 400 and b"(at row 3)" in answer.body
    assert send(server, f"SELECT count() FROM {table}").body == b"0\n"


def test_an_insert_that_a_table_refuses_before_its_first_row_is_refused(server: Server) -> None:
    full = "SETTINGS parts_to_delay_insert = 1, parts_to_throw_insert = 1"
    send(server, f"CREATE OR REPLACE TABLE full (id UInt64) ENGINE = MergeTree ORDER BY id {full}")
    statement = "INSERT INTO full (id) FORMAT JSONEachRow"
    assert send(server, b'{"id":1}', query=statement).status == 200
    answer = send(server, b'{"id":2}', query=statement)
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (500, "252")
    send(server, "ALTER TABLE full RESET SETTING parts_to_delay_insert, parts_to_throw_insert")
    for rows, ids in ((b"[]", b"1\n"), (b'{"id":3}', b"1\n3\n")):
        assert send(server, rows, query=statement).status == 200
        assert send(server, "SELECT id FROM full ORDER BY id").body == ids


def test_http_compression_both_ways(server: Server, table: str) -> None:
    for pack, encoding in ((gzip.compress, "gzip"), (lz4.frame.compress, "lz4")):
        answer = send(server, pack(b"1\n2\n"), query=f"INSERT INTO {table} (id) FORMAT CSV", Content_Encoding=encoding)
        assert answer.status == 200, answer.body
    asked = {"Accept_Encoding": "gzip", "enable_http_compression": "1"}
    packed = send(server, f"SELECT id FROM {table} ORDER BY id", **asked)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == b"1\n1\n2\n2\n"
    assert send(server, b"plain", Content_Encoding="gzip").status == 400
