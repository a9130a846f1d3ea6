"""Settings for stacks of the tests: their own folder, their own ports, little memory."""

import sys
from pathlib import Path

import pytest

from local.settings import StackSettings, read_settings
from local.workers import WORKER

WAIT = "import sys; sys.stdin.read()"


@pytest.fixture
def settings(tmp_path: Path) -> StackSettings:
    """Settings on ports that are free now."""
    return read_settings(tmp_path / "data", ephemeral_ports=True)


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch) -> StackSettings:
    """The default settings, whatever the environment says, in a folder that is never made."""
    for name in StackSettings.model_fields:
        monkeypatch.delenv(f"OVATION_{name.upper()}", raising=False)
    return StackSettings(data_dir=Path("/data"))


@pytest.fixture
def worker_command(tmp_path: Path) -> list[str]:
    """The command line of a Python worker. With `tmp_path` on its PYTHONPATH it runs no such thing, and waits."""
    package, _, module = WORKER.rpartition(".")
    folder = tmp_path.joinpath(*package.split("."))
    folder.mkdir(parents=True)
    (folder / f"{module}.py").write_text(WAIT)
    return [sys.executable, "-m", WORKER]
