"""Migrations up and down on an engine with data in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ovation.cli import app
from ovation.migration_files import MigrationError
from ovation.migrations import migrate
from tests.sql import crowd
from tests.sql.server import MIGRATIONS, Server, running

pytestmark = pytest.mark.engine
ALL = sorted(path.name.removesuffix(".up.sql") for path in MIGRATIONS.glob("*.up.sql"))


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("migrations")) as server:
        yield server


@pytest.fixture
def empty(own_server: Server) -> Iterator[Any]:
    """A client of an engine without our database."""
    client = own_server.client()
    client.command("DROP DATABASE IF EXISTS ovation SYNC")
    yield client
    client.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the migrations to tamper with."""
    return Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))


def run(server: Server, sql_dir: Path = MIGRATIONS, to: int | None = None) -> tuple[list[str], list[str]]:
    lines: list[str] = []
    return migrate(server.url, "default", "", sql_dir, lines.append, to), lines


def tables(client: Any) -> set[str]:
    return {name for (name,) in client.query("SELECT name FROM system.tables WHERE database = 'ovation'").result_rows}


def columns(client: Any, table: str) -> set[str]:
    return {name for name, *_ in client.query(f"DESCRIBE TABLE ovation.{table}").result_rows}


def codec(client: Any, column: str, table: str = "reaction_windows") -> str:
    question = (
        "SELECT compression_codec FROM system.columns "
        "WHERE database = 'ovation' AND table = {table:String} AND name = {name:String}"
    )
    return str(client.command(question, parameters={"name": column, "table": table}))


def test_all_up_then_nothing_to_do(own_server: Server, empty: Any) -> None:
    names, lines = run(own_server)
    assert names == ALL
    assert [line.split(" in ")[0] for line in lines] == [f"{name} applied" for name in ALL]
    assert run(own_server) == ([], [])
    recorded = empty.query("SELECT name, applied FROM ovation.schema_migrations FINAL ORDER BY number").result_rows
    assert recorded == [(name, True) for name in ALL]


def test_down_and_up_again_on_data_leaves_the_tables_below_alone(own_server: Server, empty: Any) -> None:
    run(own_server)
    crowd.insert_all(empty)
    total = "SELECT sum(reactions) FROM ovation.reactions"
    before = empty.command(total)
    assert before == sum(window.reactions for window in crowd.WINDOWS)
    names, lines = run(own_server, to=1)
    assert names == ALL[:0:-1]
    assert all(" undone in " in line for line in lines)
    assert tables(empty) == {"reaction_windows", "reactions", "schema_migrations"}
    assert run(own_server)[0] == ALL[1:]
    assert empty.command(total) == before
    assert empty.command("SELECT count() FROM ovation.votes") == 0


def test_the_command_goes_back_once_it_is_told_that_it_may(
    own_server: Server, empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ovation.topics.create_topics", lambda *_, **__: [])
    run(own_server)

    def say(*words: str) -> Result:
        env = {"OVATION_CLICKHOUSE_URL": own_server.url, "COLUMNS": "200"}
        return CliRunner().invoke(app, ["migrate", *words], env=env, input="n\n")

    asked = say("--to", "11")
    assert asked.exit_code == 1
    assert f"{', '.join(ALL[:10:-1])}: undone" in asked.stdout
    assert run(own_server) == ([], []), "nothing was done"
    assert say("--to", "11", "--yes").exit_code == 0
    assert run(own_server)[0] == ALL[11:]


def test_rules_of_polls_come_and_go_on_data(own_server: Server, empty: Any) -> None:
    results = "SELECT option_id, text, votes, voters FROM ovation.poll_results ORDER BY ALL"
    voters = "SELECT voter, outcome, attempts, replaced, duplicate, late, invalid FROM ovation.votes ORDER BY ALL"
    polls = "SELECT question, option_texts, allow_change, status, created_at FROM ovation.polls FINAL"
    questions = (results, voters, polls)
    run(own_server)
    crowd.insert_all(empty)
    before = [empty.query(question).result_rows for question in questions]
    assert all(before)

    assert run(own_server, to=4)[0] == ALL[:3:-1]
    assert "ineligible" not in columns(empty, "ballots") | columns(empty, "votes")
    assert "eligibility" not in columns(empty, "polls")
    assert [empty.query(question).result_rows for question in questions] == before

    assert run(own_server)[0] == ALL[4:]
    assert [empty.query(question).result_rows for question in questions] == before
    assert empty.command("SELECT sum(ineligible) FROM ovation.votes") == 0
    rules = empty.query("SELECT allow_withdraw, results, correct, eligibility, final_at FROM ovation.polls FINAL")
    assert rules.result_rows == [(False, "always", [], "{}", None)], "what a poll from before had"


def test_windows_are_the_same_in_fewer_bytes(own_server: Server, empty: Any) -> None:
    windows = "SELECT * FROM ovation.reactions ORDER BY ALL"
    run(own_server)
    crowd.insert_all(empty)
    before = empty.query(windows).result_rows
    for to in (5, 6, 5):
        run(own_server, to=to)
        assert ("GCD" in codec(empty, "window_start")) == (to == 6)
        empty.command("OPTIMIZE TABLE ovation.reaction_windows FINAL")
        assert empty.query(windows).result_rows == before


def test_ballots_are_the_same_in_fewer_bytes(own_server: Server, empty: Any) -> None:
    votes = "SELECT * EXCEPT attempts_in FROM ovation.votes ORDER BY ALL"
    run(own_server)
    crowd.insert_all(empty)
    before = empty.query(votes).result_rows
    for to in (10, 11, 10):
        run(own_server, to=to)
        assert ("ZSTD" in codec(empty, "voter", "ballots")) == (to == 11)
        empty.command("OPTIMIZE TABLE ovation.ballots FINAL")
        assert empty.query(votes).result_rows == before


def test_roll_ups_have_what_was_counted_before_there_were_any(own_server: Server, empty: Any) -> None:
    sums = "SELECT stream_id, emoji, region, sum(reactions) FROM ovation.{} GROUP BY ALL ORDER BY ALL"
    run(own_server)
    crowd.insert_all(empty)
    run(own_server, to=6)
    assert "reaction_hours" not in tables(empty)
    for _ in range(2):
        run(own_server, to=7)
        windows = empty.query(sums.format("reactions")).result_rows
        assert empty.query(sums.format("reactions_by_minute")).result_rows == windows
        assert empty.query(sums.format("reactions_by_hour")).result_rows == windows
        assert empty.command("SELECT uniqExact(minute_start) FROM ovation.reactions_by_minute") == 3
        run(own_server, to=6)


def test_the_video_clock_comes_and_goes_on_data(own_server: Server, empty: Any) -> None:
    voters = "SELECT voter, outcome, counted_at FROM ovation.votes ORDER BY ALL"
    run(own_server)
    crowd.insert_all(empty)
    before = empty.query(voters).result_rows
    run(own_server, to=7)
    assert "playback_ms" not in columns(empty, "ballots") | columns(empty, "votes")
    assert empty.query(voters).result_rows == before
    run(own_server)
    assert empty.query(voters).result_rows == before
    assert empty.command("SELECT count() FROM ovation.votes WHERE playback_ms IS NULL") == len(crowd.BALLOTS_CAST)


def test_all_the_way_down_and_part_of_the_way_up(own_server: Server, empty: Any) -> None:
    run(own_server)
    assert run(own_server, to=0)[0] == ALL[::-1]
    assert tables(empty) == {"schema_migrations"}
    assert run(own_server, to=2)[0] == ALL[:2]
    assert "polls" not in tables(empty)


def test_an_applied_file_that_changed_is_refused(own_server: Server, empty: Any, folder: Path) -> None:
    run(own_server, folder, to=2)
    changed = folder / "0002_ballots.up.sql"
    changed.write_text(changed.read_text() + "\n-- one more thought\n")
    with pytest.raises(MigrationError, match="0002_ballots was changed after it was applied"):
        run(own_server, folder)
    assert "polls" not in tables(empty)


def test_a_database_of_a_newer_version_is_refused(own_server: Server, empty: Any, folder: Path) -> None:
    run(own_server)
    for path in folder.glob(f"{ALL[-1]}.*"):
        path.unlink()
    with pytest.raises(MigrationError, match=f"The database has {ALL[-1]}, which is not here"):
        run(own_server, folder)


def test_a_migration_that_fails_half_way_is_run_again_once_mended(own_server: Server, empty: Any, folder: Path) -> None:
    last = folder / f"{ALL[-1]}.up.sql"
    good = last.read_text()
    last.write_text(f"CREATE TABLE IF NOT EXISTS ovation.extra (a UInt8) ENGINE = Memory; SELECT nothing;\n{good}")
    with pytest.raises(MigrationError, match=rf"{ALL[-1]} failed and can be run again once it is mended.*nothing"):
        run(own_server, folder)
    assert "extra" in tables(empty)
    recorded = "SELECT count() FROM ovation.schema_migrations WHERE name = {name:String}"
    assert empty.command(recorded, parameters={"name": ALL[-1]}) == 0
    last.write_text(good)
    assert run(own_server, folder)[0] == ALL[-1:]


def test_an_unknown_target(own_server: Server, empty: Any) -> None:
    with pytest.raises(MigrationError, match="There is no migration 99"):
        run(own_server, to=99)


def test_no_server_is_one_sentence() -> None:
    with pytest.raises(MigrationError) as failed:
        migrate("http://someone:secret@127.0.0.1:1", "default", "", MIGRATIONS)
    sentence = str(failed.value)
    assert sentence.startswith("ClickHouse at http://127.0.0.1:1 cannot be reached: ")
    assert "Connection refused" in sentence and "secret" not in sentence
