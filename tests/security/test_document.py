"""docs/security.md names the test of each control: each is there, and none of tests/security is left out."""

import ast
import re
from pathlib import Path

from local.paths import CHECKOUT

TEXT = (CHECKOUT / "docs" / "security.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
_ITSELF = "tests/security/test_document.py"


def _tests(file: Path) -> set[str]:
    body = ast.parse(file.read_text()).body
    functions = [each for each in body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {each.name for each in functions if each.name.startswith("test_")}


def test_each_named_test_is_there() -> None:
    assert len(NAMED) > 30
    for path, name in NAMED:
        assert (CHECKOUT / path).exists(), path
        assert not name or name in _tests(CHECKOUT / path), f"{path}::{name}"


def test_each_control_has_a_test() -> None:
    rows = [line for line in TEXT.partition("## Controls")[2].splitlines() if re.match(r"\| (?!---|Control )", line)]
    assert len(rows) > 30
    for row in rows:
        assert re.search(r"`tests/[\w/]+\.py(::\w+)?` \|$|\| by hand: below \|$", row), row


def test_every_attack_is_in_the_document() -> None:
    named = {path for path, _ in NAMED}
    for file in (CHECKOUT / "tests" / "security").glob("test_*.py"):
        path = str(file.relative_to(CHECKOUT))
        assert path == _ITSELF or path in named, path
