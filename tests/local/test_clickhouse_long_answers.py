"""Answers that leave while their query runs: whole in every format, no faster than they are taken, or broken off."""

import http.client
import io
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.sql.server import Server, running

pytestmark = pytest.mark.engine

ROWS = 300_000
NUMBERS = f"SELECT number AS n, concat('row ', toString(number)) AS text FROM numbers({ROWS})"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        yield server


@contextmanager
def asked(server: Server, sql: str, **parameters: str) -> Iterator[http.client.HTTPResponse]:
    """Send a query, and yield its answer before it is read."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with closing(connection):
        connection.request("POST", f"/?{urlencode(parameters)}", sql)
        with connection.getresponse() as answer:
            yield answer


def ask(server: Server, sql: str, **parameters: str) -> bytes:
    """Return a whole answer."""
    with asked(server, sql, **parameters) as answer:
        body = answer.read()
        assert answer.status == 200, body
    return body


def resident_mb(server: Server) -> int:
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * 4096 // 2**20


def running_queries(server: Server, like: str) -> int:
    sql = f"SELECT count() FROM system.processes WHERE query LIKE '{like}%'"
    return int(ask(server, sql))


def count(form: str, body: bytes) -> int:
    match form:
        case "Parquet":
            return int(pq.read_table(io.BytesIO(body)).num_rows)
        case "ArrowStream":
            return int(pa.ipc.open_stream(body).read_all().num_rows)
        case "JSON":
            return len(json.loads(body)["data"])
        case "CSVWithNames":
            assert body.startswith(b'"n","text"\n')
            return body.count(b"\n") - 1
    return body.count(b"\n")


@pytest.mark.parametrize("form", ["CSVWithNames", "JSON", "JSONEachRow", "Parquet", "ArrowStream", "TabSeparated"])
@pytest.mark.parametrize("how", ["clause", "default"])
def test_is_one_document_in_every_format(server: Server, form: str, how: str) -> None:
    for tail in ("", " SETTINGS max_block_size = 1000", " -- the end"):
        clause = f" FORMAT {form}" if how == "clause" else ""
        sql = NUMBERS + (clause + tail if tail.startswith(" --") else tail + clause)
        with asked(server, sql, default_format=form) as answer:
            assert (answer.status, answer.getheader("X-ClickHouse-Format")) == (200, form)
            assert count(form, answer.read()) == ROWS


def test_who_wants_it_whole_gets_it_whole(server: Server) -> None:
    with asked(server, NUMBERS) as long, asked(server, NUMBERS, wait_end_of_query="1") as whole:
        assert (long.getheader("Content-Length"), long.getheader("X-ClickHouse-Summary")) == (None, None)
        body = whole.read()
        assert (whole.getheader("Content-Length"), body) == (str(len(body)), long.read())
    with asked(server, NUMBERS, wait_end_of_query="1", max_result_bytes="2000000") as refused:
        assert (refused.status, refused.getheader("X-ClickHouse-Exception-Code")) == (500, "396")


def test_breaks_off_where_the_query_fails(server: Server) -> None:
    with asked(server, "SELECT throwIf(number = 900000), 'long enough to leave' FROM numbers(1000000)") as answer:
        assert answer.status == 200
        with pytest.raises(http.client.IncompleteRead) as broken:
            answer.read()
    assert len(broken.value.partial) > 1_000_000


def test_goes_no_faster_than_it_is_taken_and_ends_with_its_client(server: Server) -> None:
    before_mb = resident_mb(server)
    with asked(server, "SELECT number, 'nobody takes this' FROM numbers(1000000000)") as answer:
        assert len(answer.read(10_000_000)) == 10_000_000
        # Nobody reads for a moment; the query waits, and others do not wait for it.
        until = time.monotonic() + 1
        while time.monotonic() < until:
            assert ask(server, "SELECT 1") == b"1\n"
        assert running_queries(server, "SELECT number, ") == 1
        assert resident_mb(server) - before_mb < 200
    until = time.monotonic() + 10
    while running_queries(server, "SELECT number, "):
        assert time.monotonic() < until, "the query goes on for nobody"
        time.sleep(0.02)


def test_writes_go_on_while_nobody_takes_long_answers(server: Server) -> None:
    ask(server, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
    sockets = []
    for _ in range(20):
        waiting = socket.create_connection(("127.0.0.1", server.port))
        sql = b"SELECT * FROM numbers(1000000000)"
        waiting.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s" % (len(sql), sql))
        assert waiting.recv(12) == b"HTTP/1.1 200"
        sockets.append(waiting)
    for n in range(5):
        ask(server, f"INSERT INTO t VALUES ({n})")
    for waiting in sockets:
        waiting.close()
    assert ask(server, "SELECT count() FROM t") == b"5\n"


def test_a_stop_does_not_wait_for_who_takes_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as server, asked(server, "SELECT * FROM numbers(1000000000)") as answer:
        assert answer.read(100)
        server.process.terminate()
        assert server.process.wait(timeout=20) == 0
