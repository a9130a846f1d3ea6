import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from local.processes import PROC
from ovation.cli import app

COMMANDS = sorted(command.name or command.callback.__name__ for command in app.registered_commands if command.callback)


def run(*words: str, **env: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "200", **env})
    return result.exit_code, result.output


def test_every_command_of_the_contract_is_there() -> None:
    assert set(COMMANDS) >= {"audience", "down", "migrate", "status", "submit", "up", "verify"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_an_example(command: str) -> None:
    code, text = run(command, "--help")

    assert code == 0
    assert f"ovation {command}" in text.partition("Example:")[2]


def test_help_loads_none_of_the_libraries_that_commands_work_with() -> None:
    heavy = ("pyflink", "kafka", "clickhouse_connect", "redis", "pydantic", "aiohttp")
    script = f"import sys, ovation.cli; print([name for name in {heavy} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)

    assert answer.stdout == "[]\n"


def test_up_refuses_a_part_that_it_does_not_know(tmp_path: Path) -> None:
    code, text = run("up", "--data-dir", str(tmp_path), "--only", "kafka,rabbits")

    assert code == 2
    assert "'rabbits' is no part; the parts are kafka, clickhouse, redis, flink, gateway." in text


def test_up_names_a_taken_port_and_starts_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        code, text = run("up", "--data-dir", str(tmp_path), "--only", "redis", OVATION_REDIS_PORT=port)

    assert code == 1
    assert text == (
        f"Port {port}, which redis needs, is taken: stop what listens there, "
        "or choose another port with OVATION_REDIS_PORT.\n"
    )
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(not PROC.is_dir(), reason="there is no /proc here")
def test_up_says_how_much_memory_is_lacking_and_starts_nothing(tmp_path: Path) -> None:
    code, text = run("up", "--data-dir", str(tmp_path), "--small", "--ephemeral-ports", OVATION_MEMORY_MB="100000000")

    assert code == 1
    assert "and a stack of this size needs 100,000,000 MB" in text
    assert not (tmp_path / "run").exists()


def test_a_malformed_setting_is_one_sentence(tmp_path: Path) -> None:
    code, text = run("status", "--data-dir", str(tmp_path), OVATION_KAFKA_PORT="many")

    assert code == 1
    assert text.startswith("OVATION_KAFKA_PORT is malformed:")
    assert text.count("\n") == 1


def test_status_of_a_stack_that_is_down_fails_and_leaves_no_trace(tmp_path: Path) -> None:
    code, text = run("status", "--data-dir", str(tmp_path / "data"))

    assert code == 1
    assert text.count("DOWN") == 7
    assert not (tmp_path / "data").exists()


def test_down_without_a_stack_is_done_at_once(tmp_path: Path) -> None:
    code, text = run("down", "--data-dir", str(tmp_path / "data"))

    assert (code, text) == (0, f"The stack is down. Its data is in {tmp_path / 'data'}.\n")
