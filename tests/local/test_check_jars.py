"""The jars that Maven brings, held against their digests."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from local.paths import CHECKOUT

SCRIPT, DIGESTS = CHECKOUT / "local" / "check_jars.sh", CHECKOUT / "local" / "jars.sha256"


def check(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([SCRIPT, folder], capture_output=True, text=True, check=False)


@pytest.fixture
def jars(tmp_path: Path) -> Path:
    """Return what an install has brought, as links that a test may replace."""
    for name in ("kafka", "mirror", "flink-connectors"):
        (tmp_path / name).mkdir()
        for jar in (CHECKOUT / ".local" / name).glob("*.jar"):
            (tmp_path / name / jar.name).symlink_to(jar)
    return tmp_path


def test_an_install_has_exactly_these(jars: Path) -> None:
    done = check(jars)
    assert (done.returncode, done.stderr) == (0, "")


def _change(jar: Path) -> None:
    content = jar.read_bytes()
    jar.unlink()
    jar.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def _add(jar: Path) -> None:
    jar.with_name("another-1.jar").write_bytes(b"x")


@pytest.mark.parametrize("doing", [_change, _add, Path.unlink], ids=["a bit changed", "one more", "one less"])
def test_any_difference_ends_an_install(jars: Path, doing: Callable[[Path], None]) -> None:
    doing(next(iter(sorted((jars / "kafka").glob("*.jar")))))
    done = check(jars)
    assert done.returncode == 1
    assert "nothing may run with them" in done.stderr
    assert "kafka/" in done.stderr
