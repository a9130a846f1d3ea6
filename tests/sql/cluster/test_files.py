"""The files of `sql/cluster` are those that are made, and nothing in them is left to one server."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ovation import migrations
from ovation.cluster_sql import ON_CLUSTER, TARGET, convert, write
from ovation.migration_files import MigrationError, read_migrations, statements
from ovation.migrations import migrate, record_statements
from tests.sql.server import MIGRATIONS, Server

FILES = sorted(TARGET.glob("*.sql"))


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.glob("*.sql")}


def test_the_files_are_what_the_migrations_make(tmp_path: Path) -> None:
    write(MIGRATIONS, tmp_path)
    assert contents(TARGET) == contents(tmp_path), "make them with: python -m ovation.cluster_sql"
    assert [one.name for one in read_migrations(TARGET)] == [one.name for one in read_migrations(MIGRATIONS)]


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_all_servers_do_what_is_not_an_insert(path: Path) -> None:
    for statement in statements(path.read_text()):
        sql = re.sub(r"--[^\n]*\n", "", statement).strip()
        assert (ON_CLUSTER in sql) != sql.startswith("INSERT"), sql
        assert sql.count(ON_CLUSTER) <= 1


@pytest.mark.engine
def test_the_engine_understands_every_statement(client: Any) -> None:
    texts = [text for path in FILES for text in statements(path.read_text())]
    for text in [*texts, *record_statements("ovation"), *record_statements(None)]:
        client.command("SELECT formatQuery({text:String})", parameters={"text": text})


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "ALTER TABLE ovation.polls ADD INDEX i status TYPE set(9)",
            [f"ALTER TABLE ovation.polls_local {ON_CLUSTER} ADD INDEX i status TYPE set(9)"],
        ),
        (
            "ALTER TABLE ovation.polls MODIFY SETTING ttl_only_drop_parts = 1",
            [f"ALTER TABLE ovation.polls_local {ON_CLUSTER} MODIFY SETTING ttl_only_drop_parts = 1"],
        ),
        (
            "ALTER TABLE ovation.polls COMMENT COLUMN status 'read ovation.polls; it''s so'",
            [
                f"ALTER TABLE ovation.{name} {ON_CLUSTER} COMMENT COLUMN status 'read ovation.polls; it''s so'"
                for name in ("polls_local", "polls")
            ],
        ),
        (
            "ALTER TABLE ovation.polls DROP COLUMN IF EXISTS status",
            [
                f"ALTER TABLE ovation.{name} {ON_CLUSTER} DROP COLUMN IF EXISTS status"
                for name in ("polls", "polls_local")
            ],
        ),
        (
            "DROP VIEW IF EXISTS ovation.votes",
            [
                f"DROP TABLE IF EXISTS ovation.votes {ON_CLUSTER} SYNC",
                f"DROP VIEW IF EXISTS ovation.votes_local {ON_CLUSTER} SYNC",
            ],
        ),
    ],
)
def test_where_a_statement_is_done(sql: str, expected: list[str]) -> None:
    assert statements(convert(f"{sql};", "a"))[0].endswith(expected[0])
    assert [text.split("\n\n")[-1] for text in statements(convert(f"{sql};", "a"))] == expected


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("OPTIMIZE TABLE ovation.polls FINAL", "no form for a cluster yet: OPTIMIZE"),
        ("CREATE TABLE ovation.more (a UInt8) ENGINE = Memory", "no form for a cluster yet: CREATE TABLE ovation.more"),
        (
            "CREATE TABLE IF NOT EXISTS ovation.more (a UInt8) ENGINE = Memory\nCOMMENT 'a'",
            "ovation.more has an engine",
        ),
        ("CREATE VIEW IF NOT EXISTS ovation.more AS SELECT 1", "ovation.more has no comment"),
        ("ALTER TABLE ovation.polls REMOVE TTL, DROP COLUMN a", "Split the ALTER of ovation.polls"),
    ],
)
def test_what_it_does_not_know_it_does_not_guess(sql: str, sentence: str) -> None:
    with pytest.raises(MigrationError, match=sentence):
        convert(f"{sql};", "a")


@pytest.mark.engine
def test_a_cluster_that_the_server_does_not_know(server: Server) -> None:
    for name, sentence in (
        ("away", "was made for a single server"),
        ("it's", "has letters, digits, dots, dashes and underscores"),
    ):
        with pytest.raises(MigrationError, match=sentence):
            migrate(server.url, "default", "", TARGET, cluster=name)


class Recording:
    """A client that answers as a server of the cluster without our database would, and keeps what it is sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def command(self, sql: str, parameters: Any = None) -> None:
        self.sent.append(sql)

    def query(self, sql: str, parameters: Any = None) -> Any:
        return SimpleNamespace(result_rows=[("ovation-1",)] if "system.clusters" in sql else [])

    def close(self) -> None: ...


def test_statements_are_sent_with_the_name_of_the_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Recording()
    monkeypatch.setattr(migrations, "connect", lambda *_: client)
    names = migrate("http://127.0.0.1:1", "default", "", TARGET, lambda _: None, cluster="ovation-1")
    assert names == [one.name for one in read_migrations(MIGRATIONS)]
    assert not [sql for sql in client.sent if "{cluster}" in sql]
    changing = [sql for sql in client.sent if "INSERT INTO" not in sql]
    assert all(sql.count("ON CLUSTER 'ovation-1'") == 1 for sql in changing)
    assert changing[0] == "CREATE DATABASE IF NOT EXISTS ovation ON CLUSTER 'ovation-1'"
    assert "'{shard}-{replica}', changed_at)" in changing[1]
