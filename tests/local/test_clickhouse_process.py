"""The server as a process: who may have the folder, how it ends, and what outlives `kill -9`."""

import contextlib
import itertools
import signal
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from tests.sql.server import Server, launch, running

pytestmark = pytest.mark.engine
FOREVER = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"


def wait_for_query(server: Server) -> None:
    """Return when the long query is running."""
    client = server.client()
    deadline = time.monotonic() + 20
    while not client.command("SELECT count() FROM system.processes WHERE query LIKE 'SELECT count() FROM numbers%'"):
        assert time.monotonic() < deadline, "the query never began"
    client.close()


def run_forever(server: Server, errors: list[Exception]) -> threading.Thread:
    def target() -> None:
        client = server.client(query_retries=0)
        try:
            client.query(FOREVER)
        except ClickHouseError as error:
            errors.append(error)
        finally:
            client.close()

    thread = threading.Thread(target=target)
    thread.start()
    return thread


def test_what_was_acknowledged_outlives_kill_9_in_the_middle_of_inserts(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    enough = threading.Event()

    def write(server: Server) -> None:
        client = server.client()
        with contextlib.suppress(ClickHouseError):
            for n in itertools.count():
                if n % 2:
                    client.insert("t", [[n]], column_names=["n"])
                else:
                    client.command(f"INSERT INTO t VALUES ({n})")
                acknowledged.append(n)
                if n == 30:
                    enough.set()
        client.close()

    with running(tmp_path) as server:
        client = server.client()
        client.command("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
        client.close()
        writer = threading.Thread(target=write, args=[server])
        writer.start()
        assert enough.wait(timeout=60)
        server.process.kill()
        assert server.process.wait(timeout=10) == -signal.SIGKILL
        writer.join(timeout=30)
        assert not writer.is_alive()
    with running(tmp_path) as server:
        client = server.client()
        found = [n for (n,) in client.query("SELECT n FROM t ORDER BY n").result_rows]
        client.close()
    # One insert may have been stored without its answer arriving.
    assert found in (acknowledged, [*acknowledged, len(acknowledged)])


def test_sigterm_ends_it_cleanly_and_the_data_is_there_again(tmp_path: Path) -> None:
    for expected in (1, 2):
        with running(tmp_path) as server:
            assert str(tmp_path) in server.ready_line
            client = server.client()
            client.command("CREATE TABLE IF NOT EXISTS t (n UInt64) ENGINE = MergeTree ORDER BY n")
            client.command("INSERT INTO t VALUES (1)")
            assert client.command("SELECT count() FROM t") == expected
            client.close()
            server.process.terminate()
            assert server.process.wait(timeout=15) == 0


def test_a_long_query_holds_up_neither_ping_nor_the_end(tmp_path: Path) -> None:
    errors: list[Exception] = []
    with running(tmp_path) as server:
        query = run_forever(server, errors)
        wait_for_query(server)
        started = time.monotonic()
        for _ in range(20):
            with urllib.request.urlopen(f"{server.url}/ping", timeout=5) as answer:
                assert answer.read() == b"Ok.\n"
        assert time.monotonic() - started < 2
        server.process.terminate()
        assert server.process.wait(timeout=25) == 0
        query.join(timeout=10)
    assert len(errors) == 1, "the client of the cancelled query was told"


def test_a_folder_in_use_is_one_sentence(tmp_path: Path) -> None:
    with running(tmp_path):
        _, errors = (second := launch(tmp_path)).communicate(timeout=20)
        assert second.returncode == 1
        assert errors == f"The data folder {tmp_path} is in use: another process owns it.\n"


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with running(tmp_path / "one") as server:
        _, errors = (second := launch(tmp_path / "two", server.port)).communicate(timeout=20)
        assert second.returncode == 1
        assert errors.startswith(f"Cannot listen on 127.0.0.1:{server.port}: ") and errors.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    process = launch(tmp_path / "file")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors.startswith(f"The data folder {tmp_path / 'file'} cannot be written: ") and errors.count("\n") == 1
