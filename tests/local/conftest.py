"""Settings for stacks of the tests: their own folder, their own ports, little memory."""

from pathlib import Path

import pytest

from local.settings import StackSettings, read_settings


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
