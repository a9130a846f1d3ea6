"""The user that only reads, as a full server is told of it: in XML and in SQL, which say the same."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from contracts.tables import DATABASE
from gateway.history.client import LONG_S, TIMEOUT_S
from gateway.history.export import MAX_ROWS
from gateway.history.limits import limits
from local.clickhouse.users import READER
from local.paths import CHECKOUT
from tests.compose import SERVICES

FOLDER = CHECKOUT / "sql" / "server"
XML = ElementTree.parse(FOLDER / "reader.xml").getroot()
SQL = "\n".join(line for line in (FOLDER / "reader.sql").read_text().splitlines() if not line.startswith("--"))
PROFILE = {each.tag: each.text for each in XML.findall(f"profiles/{READER}/*") if each.tag != "constraints"}
CONSTRAINTS = {
    each.tag: {bound.tag: bound.text for bound in each} for each in XML.findall(f"profiles/{READER}/constraints/*")
}


def test_reads_one_database_and_nothing_else() -> None:
    user = XML.find(f"users/{READER}")
    assert user is not None
    assert [grant.text for grant in user.findall("grants/query")] == [f"GRANT SELECT ON {DATABASE}.*"]
    assert re.findall(r"GRANT (.+) TO (\w+)", SQL) == [(f"SELECT ON {DATABASE}.*", READER)]
    assert user.findtext("profile") == READER
    assert PROFILE["readonly"] == "2"


def test_sql_says_the_same() -> None:
    said = re.search(r"SETTINGS\n(.+?);", SQL, re.DOTALL)
    assert said is not None
    found = dict(re.findall(r"(\w+) = ([^,]+?)\s*(?:,|$)", said[1]))
    words = {
        name: " ".join(
            [
                value or "",
                *(f"{bound.upper()} {text or ''}".strip() for bound, text in CONSTRAINTS.get(name, {}).items()),
            ]
        )
        for name, value in PROFILE.items()
    }
    assert found == words


@pytest.mark.parametrize("seconds", [1, TIMEOUT_S, LONG_S])
def test_what_a_gateway_asks_for_is_within_bounds(seconds: int) -> None:
    asked = limits(seconds, MAX_ROWS)
    assert asked["readonly"] == PROFILE["readonly"]
    for name, value in asked.items():
        bounds = CONSTRAINTS.get(name, {})
        assert "const" not in bounds, name
        assert float(bounds.get("min") or 0) <= float(value if bounds else 0), name
        assert float(value if "max" in bounds else 0) <= float(bounds.get("max") or 0), name


@pytest.mark.engine
def test_the_engine_knows_every_setting_and_reads_every_statement(client: Any) -> None:
    for name, value in PROFILE.items():
        assert client.query(
            "SELECT count() FROM system.settings WHERE name = {name:String}", {"name": name}
        ).result_rows == [(1,)], name
        if name != "readonly":
            assert client.query("SELECT 1", settings={name: value}).result_rows == [(1,)]
    statements = [each for each in SQL.split(";") if each.strip()]
    assert len(statements) == 3
    for statement in statements:
        assert client.query("SELECT formatQuery({sql:String})", {"sql": statement}).result_rows


def test_gateways_and_dashboards_read_as_this_user_and_who_writes_does_not() -> None:
    gateway = SERVICES["gateway"]["environment"]
    assert gateway["OVATION_CLICKHOUSE_USER"] == READER
    assert gateway["OVATION_CLICKHOUSE_PASSWORD"].startswith("${OVATION_READER_PASSWORD:?")
    for name in ("migrate", "submit"):
        assert (
            SERVICES[name]["environment"]["OVATION_CLICKHOUSE_USER"]
            == SERVICES["clickhouse"]["environment"]["CLICKHOUSE_USER"]
        )
    clickhouse = SERVICES["clickhouse"]
    assert "./sql/server/reader.xml:/etc/clickhouse-server/users.d/ovation-reader.xml:ro" in clickhouse["volumes"]
    password = XML.find(f"users/{READER}/password")
    assert password is not None
    assert password.get("from_env") in clickhouse["environment"]
