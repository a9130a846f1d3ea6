"""The history is backed up while it is served, and is the same once restored (docs/operations.md)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import clickhouse_connect
import pytest

from contracts.tables import DATABASE
from local import clickhouse_part
from local.settings import read_settings
from ovation.migrations import migrate
from tests.gateway.processes import running
from tests.sql import crowd
from tests.sql.server import MIGRATIONS

pytestmark = pytest.mark.engine


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Any]:
    """The embedded stack's own part, with the made-up evening in it."""
    settings = read_settings(tmp_path, ephemeral_ports=True)
    with running(clickhouse_part.part(settings), tmp_path):
        migrate(settings.clickhouse_url, "default", "", MIGRATIONS, lambda _: None)
        client = clickhouse_connect.get_client(dsn=settings.clickhouse_url, autogenerate_session_id=False)
        crowd.insert_all(client)
        yield client
        client.close()


def contents(client: Any) -> dict[str, Any]:
    """Return how many rows every table and view shows, and a sum over all of what is in them."""
    sql = "SELECT name, engine LIKE '%MergeTree' FROM system.tables WHERE database = {d:String} ORDER BY name"
    sums = {}
    for name, is_table in client.query(sql, {"d": DATABASE}).result_rows:
        # Rows that a newer one has replaced are merged away at any time.
        shown = f"{DATABASE}.`{name}`" + (" FINAL" if is_table else "")
        sums[name] = client.query(f"SELECT count(), sum(cityHash64(toString(tuple(*)))) FROM {shown}").result_rows[0]
    assert sums["ballots"][0] > 0
    return sums


def test_what_is_restored_is_what_was_there(client: Any) -> None:
    before = contents(client)
    client.command(f"BACKUP DATABASE {DATABASE} TO File('monday')")
    client.command(f"DROP DATABASE {DATABASE} SYNC")
    client.command(f"RESTORE DATABASE {DATABASE} FROM File('monday')")
    assert contents(client) == before


def test_the_next_backup_holds_what_came_since(client: Any, tmp_path: Path) -> None:
    client.command(f"BACKUP DATABASE {DATABASE} TO File('monday')")
    client.command(
        f"INSERT INTO {DATABASE}.reaction_windows (stream_id, window_start, emoji, region, reactions, version) "
        "VALUES ('later', '2026-02-01 00:00:00', '🔥', 'local', 5, 1)"
    )
    after = contents(client)
    client.command(f"BACKUP DATABASE {DATABASE} TO File('tuesday') SETTINGS base_backup = File('monday')")
    client.command(f"DROP DATABASE {DATABASE} SYNC")
    client.command(f"RESTORE DATABASE {DATABASE} FROM File('tuesday')")
    assert contents(client) == after

    def size(name: str) -> int:
        return sum(each.stat().st_size for each in (tmp_path / "backups" / name / "data").rglob("*") if each.is_file())

    assert 0 < size("tuesday") < size("monday")


def test_nothing_is_written_elsewhere(client: Any, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="is not allowed for backups"):
        client.command(f"BACKUP DATABASE {DATABASE} TO File('{tmp_path}/elsewhere')")
