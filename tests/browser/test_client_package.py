"""What the JavaScript client's package says of itself."""

import json
import tomllib
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
CLIENT = PROJECT / "gateway" / "pages" / "client"


def read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((CLIENT / name).read_text())
    return data


def test_has_the_version_of_the_project() -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    lock = read("package-lock.json")
    assert read("package.json")["version"] == lock["version"] == lock["packages"][""]["version"] == version


def test_has_no_dependencies_but_to_pack_it_with() -> None:
    package = read("package.json")
    assert "dependencies" not in package
    assert all(version[0].isdigit() for version in package["devDependencies"].values())


def test_its_lock_file_names_hashes_and_no_address() -> None:
    packages = read("package-lock.json")["packages"]
    locked = [entry for name, entry in packages.items() if name]
    assert locked
    assert all(entry["integrity"] for entry in locked)
    assert not any("resolved" in entry for entry in locked)
