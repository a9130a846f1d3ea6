"""The user that reads some streams only. The engine makes no users in SQL, and is always `default`: so this one gets
the guest's condition, in the way in which a server's file of users says it, on every table and view.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from contracts.tables import DATABASE
from local.clickhouse.users import READER
from local.paths import CHECKOUT
from ovation.migrations import migrate
from tests.sql import crowd
from tests.sql.server import MIGRATIONS, running

GUEST = "ovation_guest"
FILE = (CHECKOUT / "sql" / "server" / "guest.sql").read_text()
STATEMENTS = [each.strip() for each in re.sub("(?m)^--.*$", "", FILE).split(";") if each.strip()]
_USERS = """
<clickhouse>
    <profiles><default/></profiles>
    <quotas><default/></quotas>
    <users><default>
        <password/>
        <networks><ip>::/0</ip></networks>
        <profile>default</profile>
        <quota>default</quota>
        <databases><{database}>{rows}</{database}></databases>
    </default></users>
</clickhouse>
"""


def condition() -> str:
    """Return which rows a guest sees, with the made-up evening's other stream for the streams that the file names."""
    policy = next(each for each in STATEMENTS if each.startswith("CREATE ROW POLICY"))
    found = re.search(rf" ON {DATABASE}\.\*\s+USING (stream_id IN) \(.+\)\s+TO {GUEST}$", policy)
    assert found is not None, policy
    return f"{found[1]} ('{crowd.OTHER}')"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, bool]]]:
    """Yield a client that sees what a guest does, and of each table and view whether it has a stream_id."""
    folder = tmp_path_factory.mktemp("guest")
    with running(folder / "data") as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        client = server.client()
        crowd.insert_all(client)
        found = client.query(
            "SELECT table, countIf(name = 'stream_id') > 0 FROM system.columns WHERE database = {d:String} GROUP BY 1",
            {"d": DATABASE},
        ).result_rows
        names = {str(table): bool(has) for table, has in found}
        # Without this nothing would be hidden, whatever the condition.
        for table, has_stream in names.items():
            if has_stream:
                assert streams_in(client, table) - {crowd.OTHER}, table
        client.close()
    with running(folder / "data", _config(folder, names)) as server:
        client = server.client()
        yield client, names
        client.close()


def _config(folder: Path, names: dict[str, bool]) -> Path:
    rows = "".join(f"<{name}><filter>{escape(condition())}</filter></{name}>" for name in names)
    (folder / "users.xml").write_text(_USERS.format(database=DATABASE, rows=rows))
    config = folder / "config.xml"
    config.write_text(f"<clickhouse><users_config>{folder / 'users.xml'}</users_config></clickhouse>")
    return config


def streams_in(client: Any, table: str) -> set[str]:
    return {stream for (stream,) in client.query(f"SELECT DISTINCT stream_id FROM {DATABASE}.{table}").result_rows}


@pytest.mark.engine
def test_sees_its_streams_and_no_row_of_another(tables: tuple[Any, dict[str, bool]]) -> None:
    client, names = tables
    seen = {table: streams_in(client, table) for table, has_stream in names.items() if has_stream}
    assert set().union(*seen.values()) == {crowd.OTHER}
    assert {"reactions", "reaction_windows", "streams"} <= {table for table, streams in seen.items() if streams}
    final = f"SELECT count() FROM {DATABASE}.streams FINAL WHERE stream_id != '{crowd.OTHER}'"
    assert client.query(final).result_rows == [(0,)]


@pytest.mark.engine
def test_sees_nothing_of_what_belongs_to_no_stream(tables: tuple[Any, dict[str, bool]]) -> None:
    client, names = tables
    [without] = [table for table, has_stream in names.items() if not has_stream]
    with pytest.raises(DatabaseError, match="UNKNOWN_IDENTIFIER"):
        client.query(f"SELECT count() FROM {DATABASE}.{without}")


@pytest.mark.engine
def test_a_server_reads_every_statement(tables: tuple[Any, dict[str, bool]]) -> None:
    client, _ = tables
    assert [each.split(" ")[:2] for each in STATEMENTS] == [["CREATE", "USER"], ["GRANT", "SELECT"], ["CREATE", "ROW"]]
    for statement in STATEMENTS:
        assert client.query("SELECT formatQuery({sql:String})", {"sql": statement}).result_rows


def test_may_do_what_a_reader_may() -> None:
    assert f"SETTINGS PROFILE '{READER}'" in STATEMENTS[0]
    assert f"GRANT SELECT ON {DATABASE}.* TO {GUEST}" == STATEMENTS[1]
