"""The questions to ClickHouse that data engineers ask by hand, too: the files of `sql/queries`."""

from pathlib import Path

_FOLDER = Path(__file__).parents[2] / "sql" / "queries"


def named(name: str) -> str:
    """Return the text of a query, whose comment says its parameters. Raises OSError where there is none."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
