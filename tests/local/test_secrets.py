from pathlib import Path

import pytest

from local.errors import StackError
from local.secrets import load_or_create


def test_they_are_made_once(tmp_path: Path) -> None:
    first = load_or_create(tmp_path / "data")

    assert load_or_create(tmp_path / "data") == first
    assert load_or_create(tmp_path / "other") != first
    assert len(first.voter_secret.get_secret_value()) >= 32


def test_only_their_owner_may_read_them(tmp_path: Path) -> None:
    load_or_create(tmp_path)

    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_is_said_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")

    with pytest.raises(StackError, match=r"secrets\.json cannot be read"):
        load_or_create(tmp_path)
    assert (tmp_path / "secrets.json").read_text() == "{"
