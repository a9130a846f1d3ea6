"""A sink whose ClickHouse is away, slow, full, or cannot be heard: it waits, and what it wrote is there once."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
import pandas as pd
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from jobs.settings import JobSettings
from jobs.sinks import clickhouse_client
from jobs.sinks.clickhouse_reactions import SumWriter
from ovation.migrations import migrate
from tests.jobs.sinks.wire import Wire, wire
from tests.sql.server import MIGRATIONS, launch, running

# A month of its own: the limit of parts is one of a month.
START = 1_000_000_000_000
pytestmark = pytest.mark.engine


@pytest.fixture
def engine(clickhouse: str) -> Iterator[Any]:
    """A client of the engine, whose tables keep every row as it was written for as long as the test lasts."""
    with closing(clickhouse_connect.get_client(dsn=clickhouse, autogenerate_session_id=False)) as client:
        client.command("SYSTEM STOP MERGES")
        yield client
        client.command("SYSTEM START MERGES")


@pytest.fixture
def between(clickhouse: str) -> Iterator[Wire]:
    with wire(urlsplit(clickhouse).port or 0) as between:
        yield between


@pytest.fixture
def writer(between: Wire) -> Iterator[SumWriter]:
    with opened(between.url) as writer:
        yield writer


@contextmanager
def opened(url: str) -> Iterator[SumWriter]:
    """Yield a sink that writes to the engine at `url`."""
    writer = SumWriter(JobSettings(clickhouse_url=url))
    writer.open(None)
    yield writer
    writer.close()


def write(writer: SumWriter, stream_id: str, taps: int) -> None:
    """Write the newest sum of one window."""
    writer.eval(*(pd.Series([value]) for value in ("window", stream_id, START, "eu", f'{{"🔥":{taps}}}')))


def counted(engine: Any, stream_id: str) -> tuple[int, int]:
    """Return the taps that the view shows, and how many rows the table holds of them."""
    where = f"WHERE stream_id = '{stream_id}'"
    taps = engine.command(f"SELECT sum(reactions) FROM ovation.reactions {where}")
    return int(taps), int(engine.command(f"SELECT count() FROM ovation.reaction_windows {where}"))


def test_an_insert_whose_answer_was_lost_is_written_again_and_counted_once(
    engine: Any, between: Wire, writer: SumWriter
) -> None:
    write(writer, "lost", 3)
    between.cuts = 2
    write(writer, "lost", 7)
    assert (between.cuts, between.inserts) == (0, 4)
    assert counted(engine, "lost") == (7, 4)


def test_an_answer_that_comes_too_late_is_as_good_as_lost(
    engine: Any, between: Wire, writer: SumWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clickhouse_client, "TIMEOUT_S", 1)
    write(writer, "late", 3)
    between.answer_s = 1.5
    threading.Timer(1.8, lambda: setattr(between, "answer_s", 0)).start()
    write(writer, "late", 7)
    taps, rows = counted(engine, "late")
    assert taps == 7
    assert rows == between.inserts > 2


def test_a_slow_engine_holds_the_sink_back_for_as_long_as_it_takes(
    engine: Any, between: Wire, writer: SumWriter
) -> None:
    write(writer, "slow", 1)
    between.answer_s = 0.2
    began = time.monotonic()
    for taps in range(2, 8):
        write(writer, "slow", taps)
        assert counted(engine, "slow") == (taps, taps)
    assert time.monotonic() - began > 6 * 0.2


def test_an_engine_that_takes_no_more_parts_is_waited_for(engine: Any, writer: SumWriter) -> None:
    """ClickHouse's own back-pressure: error 252, TOO_MANY_PARTS."""
    write(writer, "full", 3)
    engine.command(
        "ALTER TABLE ovation.reaction_windows MODIFY SETTING parts_to_delay_insert = 1, parts_to_throw_insert = 1"
    )
    try:
        with pytest.raises(DatabaseError, match="TOO_MANY_PARTS"):
            engine.command("INSERT INTO ovation.reaction_windows SELECT * FROM ovation.reaction_windows")
        writing = threading.Thread(target=write, args=(writer, "full", 7))
        writing.start()
        writing.join(0.5)
        assert writing.is_alive()
        assert counted(engine, "full") == (3, 1)
    finally:
        engine.command(
            "ALTER TABLE ovation.reaction_windows RESET SETTING parts_to_delay_insert, parts_to_throw_insert"
        )
    writing.join(10)
    assert counted(engine, "full") == (7, 2)


def test_a_table_that_is_not_there_is_no_reason_to_wait(engine: Any, writer: SumWriter) -> None:
    engine.command("RENAME TABLE ovation.reaction_windows TO ovation.elsewhere")
    try:
        with pytest.raises(DatabaseError, match="reaction_windows"):
            write(writer, "missing", 1)
    finally:
        engine.command("RENAME TABLE ovation.elsewhere TO ovation.reaction_windows")


def test_an_engine_that_was_killed_is_waited_for(tmp_path: Path) -> None:
    """By a sink that has written before, and by one that begins meanwhile, as a job's does after a crash."""
    with running(tmp_path) as first, opened(first.url) as known, opened(first.url) as new:
        migrate(first.url, "default", "", MIGRATIONS, lambda _: None)
        write(known, "killed", 3)
        first.process.kill()
        first.process.wait()
        writing = [threading.Thread(target=write, args=(each, "killed", taps)) for each, taps in ((known, 7), (new, 5))]
        for each in writing:
            each.start()
        writing[0].join(0.5)
        assert all(each.is_alive() for each in writing)
        with launch(tmp_path, first.port) as second:
            for each in writing:
                each.join(30)
            assert counted(first.client(), "killed")[0] == 7
            second.terminate()
