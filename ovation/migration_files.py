"""The files of `sql/migrations`: their names, their order, and the statements in them."""

import re
from dataclasses import dataclass
from pathlib import Path

from ovation.errors import OvationError

_FILE = re.compile(r"(?P<name>(?P<number>\d{4})_[a-z0-9_]+)\.(?P<direction>up|down)\.sql")
# Whatever may hold a semicolon that ends no statement: comments, text and quoted names.
OPAQUE = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`(?:[^`\\]|\\.)*`|(?P<end>;)", re.DOTALL
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


class MigrationError(OvationError):
    """A migration that cannot be done. The text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: `name` with its number, and the text that makes and unmakes it."""

    number: int
    name: str
    up: str
    down: str


def read_migrations(sql_dir: Path) -> list[Migration]:
    """Return the migrations of a folder in their order.

    Raises MigrationError for a file that is named otherwise, a number used twice or left out, and a missing half.
    """
    names: dict[int, str] = {}
    for path in sorted(sql_dir.glob("*.sql")):
        found = _FILE.fullmatch(path.name)
        if found is None:
            raise MigrationError(f"{path.name} is not named like 0001_name.up.sql or 0001_name.down.sql.")
        if names.setdefault(int(found["number"]), found["name"]) != found["name"]:
            raise MigrationError(f"Two migrations have the number {found['number']}.")
    if list(names) != list(range(1, len(names) + 1)) or not names:
        raise MigrationError(f"The migrations in {sql_dir} are not numbered from 0001 without a gap.")
    return [
        Migration(number, name, _read(sql_dir, name, "up"), _read(sql_dir, name, "down"))
        for number, name in names.items()
    ]


def statements(text: str) -> list[str]:
    """Split SQL at the semicolons that end a statement. What holds nothing but comments is left out."""
    ends = [found.start() for found in OPAQUE.finditer(text) if found["end"]]
    parts = [
        text[start:end].strip() for start, end in zip([0, *(end + 1 for end in ends)], [*ends, len(text)], strict=True)
    ]
    return [part for part in parts if _COMMENT.sub("", part).strip()]


def _read(sql_dir: Path, name: str, direction: str) -> str:
    path = sql_dir / f"{name}.{direction}.sql"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise MigrationError(f"{path.name} is missing: every migration has an up and a down file.") from error
