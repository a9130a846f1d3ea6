from pathlib import Path

import pytest

from local.errors import StackError
from local.java import find_java, java_version


def fake_java(folder: Path, prints: str, status: int = 0) -> str:
    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{prints}' >&2\nexit {status}\n")
    java.chmod(0o755)
    return str(java)


def test_java_home_comes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = fake_java(tmp_path, 'openjdk version "17.0.1"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    assert find_java() == java


def test_a_missing_jdk_is_said_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(StackError, match="No Java was found on PATH: install JDK 17"):
        find_java()


@pytest.mark.parametrize(("prints", "version"), [('openjdk version "17.0.15" 2025', 17), ('java version "21"', 21)])
def test_the_version_is_read(tmp_path: Path, prints: str, version: int) -> None:
    assert java_version(fake_java(tmp_path, prints)) == version


@pytest.mark.parametrize(
    ("prints", "said"),
    [
        ('java version "1.8.0_402"', "is Java 8, and the stack needs JDK 17 to 21"),
        ('openjdk version "24.0.1"', "is Java 24, and the stack needs JDK 17 to 21"),
        ("nonsense", "is of an unknown version"),
    ],
)
def test_another_version_is_refused(tmp_path: Path, prints: str, said: str) -> None:
    with pytest.raises(StackError, match=said):
        java_version(fake_java(tmp_path, prints))


def test_a_java_that_fails_is_said(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="does not run"):
        java_version(fake_java(tmp_path, "broken", status=1))
