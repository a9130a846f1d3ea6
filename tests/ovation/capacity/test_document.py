"""The commands of `docs/capacity.md` run, and its formulae's settings are those of the code."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from local.paths import CHECKOUT
from ovation.capacity import measured
from ovation.capacity.pace import Pace
from ovation.cli import app

TEXT = (CHECKOUT / "docs" / "capacity.md").read_text()
COMMANDS = sorted(set(re.findall(r"^(?:\$ )?ovation (capacity[^#\n]*)", TEXT, re.MULTILINE)))


def test_there_is_an_example() -> None:
    assert any("--viewers 25e6 --taps-per-viewer 0.2" in command for command in COMMANDS)


@pytest.mark.parametrize("command", [each for each in COMMANDS if "--simulate" not in each])
def test_each_command_runs(command: str) -> None:
    assert CliRunner().invoke(app, shlex.split(command)).exit_code == 0


def test_every_option_that_it_names_is_one() -> None:
    text = CliRunner().invoke(app, ["capacity", "--help"], env={"COLUMNS": "200"}).output

    for option in set(re.findall(r"`(--[a-z-]+)`", TEXT)):
        assert option in text


def test_its_formulae_have_the_settings_of_the_code() -> None:
    pace = Pace()

    assert f"*f* = {pace.flush_s * 1e3:.0f} ms" in TEXT
    assert f"at most {pace.sample:,} of a stream" in TEXT
    assert f"{measured.COMMANDS_OF_A_CALL} for each call, {measured.COMMANDS_OF_A_CHANGE} for each count" in TEXT
