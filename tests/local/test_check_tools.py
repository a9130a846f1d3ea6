import subprocess
from pathlib import Path

import pytest

from local.paths import CHECKOUT


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with stand-ins for Python 3.11, Java 17 and Maven, and the few commands that the script itself needs."""
    for name in ("bash", "sed", "head"):
        (tmp_path / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
    write(tmp_path / "python3.11", "echo 3.11")
    write(tmp_path / "java", "echo 'openjdk version \"17.0.1\"' >&2")
    write(tmp_path / "mvn", "exit 0")
    return tmp_path


def write(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/bash\n{line}\n")
    path.chmod(0o755)


def check(tools: Path) -> tuple[int, list[str]]:
    command = [CHECKOUT / "local" / "check_tools.sh"]
    answer = subprocess.run(
        ["/bin/bash", *command], env={"PATH": str(tools)}, capture_output=True, text=True, check=False, timeout=10
    )
    return answer.returncode, answer.stderr.splitlines()


def test_nothing_is_said_when_nothing_is_missing(tools: Path) -> None:
    assert check(tools) == (0, [])


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        ("python3.11", "Python 3.11 is missing (python3.11 does not run)"),
        ("java", "Java is missing (java does not run): install JDK 17"),
        ("mvn", "Maven is missing: install it"),
    ],
)
def test_each_missing_tool_is_one_sentence(tools: Path, tool: str, said: str) -> None:
    (tools / tool).unlink()
    status, lines = check(tools)

    assert status == 1
    assert len(lines) == 1
    assert lines[0].startswith(said)


def test_another_java_is_named(tools: Path) -> None:
    write(tools / "java", "echo 'openjdk version \"11.0.2\"' >&2")

    assert "java is Java 11, and Kafka and Flink need JDK 17 to 21" in check(tools)[1][0]


def test_another_python_is_named(tools: Path) -> None:
    write(tools / "python3.11", "echo 3.12")

    assert "python3.11 is Python 3.12, and Flink's Python needs 3.11" in check(tools)[1][0]
