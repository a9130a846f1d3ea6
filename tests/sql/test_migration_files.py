"""Reading a folder of migrations, and splitting their statements."""

from pathlib import Path

import pytest

from ovation.migration_files import MigrationError, read_migrations, statements
from tests.sql.server import MIGRATIONS


def test_the_projects_own_migrations_are_in_order_and_whole() -> None:
    migrations = read_migrations(MIGRATIONS)
    assert [migration.number for migration in migrations] == list(range(1, len(migrations) + 1))
    assert all(statements(migration.up) and statements(migration.down) for migration in migrations)


def test_a_statement_ends_at_a_semicolon_outside_of_text_names_and_comments() -> None:
    text = """
    -- first; with a comment
    SELECT 'it''s; \\'quoted\\';', "a;b", `c;d` /* not; here */ ;
    ;
    SELECT 2 -- the last one; has no semicolon
    """
    first, second = statements(text)
    assert first.startswith("-- first;") and first.endswith("/* not; here */")
    assert second.startswith("SELECT 2")


def test_nothing_but_comments_is_no_statement() -> None:
    assert statements("-- later;\n/* nothing; */\n;") == []


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (["0001_a.up.sql"], "0001_a.down.sql is missing"),
        (["0001_a.up.sql", "0001_a.down.sql", "0003_c.up.sql", "0003_c.down.sql"], "without a gap"),
        (["0001_a.up.sql", "0001_a.down.sql", "0001_b.up.sql"], "Two migrations have the number 0001"),
        (["1_a.sql"], "1_a.sql is not named like"),
        ([], "without a gap"),
    ],
)
def test_a_folder_that_cannot_be_right(tmp_path: Path, names: list[str], complaint: str) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1")
    with pytest.raises(MigrationError, match=complaint):
        read_migrations(tmp_path)
