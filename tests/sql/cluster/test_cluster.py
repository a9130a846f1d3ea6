"""The schema of a cluster, on an engine that is one: the same answers as of a single server, up, down and up again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.tables import REACTION_WINDOWS
from ovation.cluster_sql import TARGET
from ovation.migration_files import MigrationError
from ovation.migrations import migrate
from ovation.retention.kept import keep, kept
from ovation.retention.wishes import Span
from tests.sql import crowd
from tests.sql.cluster.engine import CLUSTER, cluster
from tests.sql.server import Server
from tests.sql.test_queries import test_the_example_in_the_comment_is_what_the_query_answers
from tests.sql.test_tables import CONTRACT, test_columns_of_the_contract, test_the_schema_explains_itself

pytestmark = pytest.mark.engine

# Asked of a cluster, too.
__all__ = [
    "test_columns_of_the_contract",
    "test_the_example_in_the_comment_is_what_the_query_answers",
    "test_the_schema_explains_itself",
]
VIEWS = ("reactions", "reactions_by_minute", "reactions_by_hour", "video_reactions", "votes", "poll_results")


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    with cluster(tmp_path_factory.mktemp("cluster"), shards=1) as parts:
        client = parts[0].client()
        crowd.insert_all(client)
        client.close()
        yield parts


@pytest.fixture
def server(parts: tuple[Server, Path]) -> Server:
    return parts[0]


def answers(client: Any, *views: str) -> dict[str, Any]:
    return {view: client.query(f"SELECT * FROM ovation.{view} ORDER BY ALL").result_rows for view in views}


def test_views_answer_as_on_a_single_server(client: Any, single: Any) -> None:
    assert answers(client, *VIEWS) == answers(single, *VIEWS)


def test_each_table_has_its_local_one_with_the_same_columns(client: Any) -> None:
    rows = client.query(
        "SELECT table, groupArray((name, type, comment, default_kind, default_expression)) FROM "
        "(SELECT * FROM system.columns WHERE database = 'ovation' ORDER BY table, position) GROUP BY table"
    ).result_rows
    columns = dict(rows)
    names = {name for name in columns if not name.endswith("_local")} - {"schema_migrations"}
    assert names == {*CONTRACT, *VIEWS}
    for name in names:
        assert columns[name] == columns[f"{name}_local"], name


def test_all_down_and_up_again(client: Any, parts: tuple[Server, Path], single: Any) -> None:
    server, migrations = parts
    before = client.command("SELECT sum(reactions) FROM ovation.reactions")
    migrate(server.url, "default", "", migrations, lambda _: None, to=1)
    left = {name for (name,) in client.query("SHOW TABLES FROM ovation").result_rows}
    assert left == {f"reaction_windows{end}" for end in ("", "_local")} | {
        f"reactions{end}" for end in ("", "_local")
    } | {"schema_migrations"}
    migrate(server.url, "default", "", migrations, lambda _: None)
    assert client.command("SELECT sum(reactions) FROM ovation.reactions") == before
    # The roll-ups have what was there before; the rest is gone with its tables.
    assert answers(client, *VIEWS[:3]) == answers(single, *VIEWS[:3])
    crowd.insert_all(client)
    assert answers(client, *VIEWS) == answers(single, *VIEWS)
    migrate(server.url, "default", "", migrations, lambda _: None, to=0)
    assert [name for (name,) in client.query("SHOW TABLES FROM ovation").result_rows] == ["schema_migrations"]
    migrate(server.url, "default", "", migrations, lambda _: None)
    crowd.insert_all(client)


def test_retention_is_of_the_tables_with_the_rows(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    [windows, *_] = kept(client)
    assert windows.rows > 0
    sent: list[str] = []
    monkeypatch.setattr(client, "command", sent.append)
    keep(client, "windows", Span(90, "d"))
    assert sent == [
        f"ALTER TABLE ovation.{REACTION_WINDOWS}_local ON CLUSTER '{{cluster}}' "
        "MODIFY TTL toDateTime(window_start) + toIntervalDay(90)"
    ]


def test_a_cluster_is_asked_for_by_its_name(parts: tuple[Server, Path]) -> None:
    server, _ = parts
    with pytest.raises(MigrationError, match="was made for a single server"):
        migrate(server.url, "default", "", TARGET, cluster=CLUSTER)
    client = server.client()
    client.command("RENAME TABLE ovation.schema_migrations TO ovation.aside")
    try:
        with pytest.raises(MigrationError, match=f"knows no cluster away, but {CLUSTER}"):
            migrate(server.url, "default", "", TARGET, cluster="away")
    finally:
        client.command("RENAME TABLE ovation.aside TO ovation.schema_migrations")
        client.close()
