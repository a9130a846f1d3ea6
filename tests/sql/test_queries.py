"""Every query in `sql/queries` against the example in its own comment."""

import re
import urllib.parse
from pathlib import Path

import pytest

from tests.sql.asking import post
from tests.sql.server import QUERIES, Server

pytestmark = pytest.mark.engine
FILES = sorted(QUERIES.glob("*.sql"))
DIFFERS = ("data_cost",)
"""Of these no two answers are the same: bytes change with every merge."""


def columns(table: str) -> str:
    return table.splitlines()[0]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_example_in_the_comment_is_what_the_query_answers(server: Server, path: Path) -> None:
    text = path.read_text()
    example = re.search(r"^-- Example: (.+)$", text, re.MULTILINE)
    assert example
    shown = "".join(re.findall(r"^--   (\|.*\n)", text, re.MULTILINE))
    parameters = dict(urllib.parse.parse_qsl(example[1]))
    found = post(server, parameters | {"default_format": "Markdown"}, text)
    if path.stem in DIFFERS:
        found, shown = (columns(table) for table in (found, shown))
    assert found == shown
    declared = set(re.findall(r"^--   (\w+) +[A-Z][\w()]+  ", text, re.MULTILINE))
    assert declared == {name.removeprefix("param_") for name in parameters} == set(re.findall(r"\{(\w+):", text))
