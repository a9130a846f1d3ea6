"""The whole stack under its supervisor: started, each process killed, stopped."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local import processes

pytestmark = pytest.mark.flink
OVATION = [sys.executable, "-c", "from ovation.cli import app; app()"]
DEADLINE_S = 120.0


def ovation(folder: Path, command: str, *options: str) -> subprocess.CompletedProcess[str]:
    words = [*OVATION, command, "--data-dir", str(folder), *options]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=240)


def status(folder: Path) -> dict[str, Any]:
    """Return what does not change by itself, as memory does."""
    found: dict[str, Any] = json.loads(ovation(folder, "status", "--json").stdout)
    for part in (*found.values(), *found["flink"]["taskmanagers"]):
        assert part.pop("memory_mb") is None or processes.PROC.is_dir()
    return found


def until(folder: Path, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + DEADLINE_S
    while not holds(found := status(folder)):
        assert time.monotonic() < deadline, found
        time.sleep(0.5)
    return found


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a stack that is up, without jobs, on ports of its own and with little memory."""
    folder = tmp_path_factory.mktemp("stack")
    os.environ.update(OVATION_KAFKA_HEAP_MB="256", OVATION_FLINK_TASKMANAGER_MB="1280")
    try:
        answer = ovation(folder, "up", "--no-jobs", "--ephemeral-ports")
        assert answer.returncode == 0, answer.stdout + answer.stderr
        yield folder
    finally:
        ovation(folder, "down")
        del os.environ["OVATION_KAFKA_HEAP_MB"], os.environ["OVATION_FLINK_TASKMANAGER_MB"]


def test_everything_is_up_and_says_where(stack: Path) -> None:
    found = status(stack)

    assert {name for name, part in found.items() if part["up"]} == {"kafka", "clickhouse", "redis", "flink", "gateway"}
    assert found["kafka"]["bootstrap"].startswith("127.0.0.1:")
    assert all(found[name]["url"] for name in ("clickhouse", "redis", "flink", "gateway"))
    assert found["gateway"]["api_key"]
    assert [taskmanager["up"] for taskmanager in found["flink"]["taskmanagers"]] == [True, True]


def test_up_again_changes_nothing(stack: Path) -> None:
    before = status(stack)
    answer = ovation(stack, "up", "--no-jobs")

    assert answer.returncode == 0
    assert "is running already" in answer.stdout
    assert status(stack) == before


def test_what_is_killed_is_started_again(stack: Path) -> None:
    before = status(stack)
    killed = {
        "kafka": before["kafka"]["pid"],
        "gateway": before["gateway"]["pid"],
        "taskmanager": before["flink"]["taskmanagers"][0]["pid"],
    }
    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)

    def replaced(found: dict[str, Any]) -> bool:
        parts = {**found, "taskmanager": found["flink"]["taskmanagers"][0]}
        return all(parts[name]["up"] and parts[name]["pid"] != pid for name, pid in killed.items())

    after = until(stack, replaced)
    assert (after["redis"], after["clickhouse"]) == (before["redis"], before["clickhouse"])


def test_secrets_are_in_no_log_and_no_command_line(stack: Path) -> None:
    secrets = [value.encode() for value in json.loads((stack / "secrets.json").read_text()).values()]
    shown = [path.read_bytes() for path in (stack / "logs").iterdir()]
    shown += [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in processes.marked(stack)]

    assert not any(secret in text for secret in secrets for text in shown)


def test_down_leaves_the_data_and_no_process(stack: Path) -> None:
    assert processes.marked(stack)
    answer = ovation(stack, "down")

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert processes.marked(stack) == set()
    assert not (stack / "stack.json").exists()
    assert (stack / "kafka" / "logs" / "votes-0").is_dir()
