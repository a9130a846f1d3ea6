"""The client of Flink that submits a job, and what is said of one that takes too long."""

import time
from pathlib import Path

import pytest

from local.processes import MARK, marked
from ovation import submit
from ovation.deployments import DEPLOYMENTS
from ovation.errors import OvationError
from ovation.flink_api import Flink


def test_a_client_that_takes_too_long_is_ended_and_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "bin" / "flink"
    command.parent.mkdir()
    # As Flink's own: the script becomes the program.
    command.write_text("#!/usr/bin/env bash\nexec sleep 30\n", encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("FLINK_HOME", str(tmp_path))
    monkeypatch.setenv(MARK, str(tmp_path))
    monkeypatch.setattr(submit, "CLIENT_TIMEOUT_S", 1)
    monkeypatch.setattr("ovation.savepoints.folder", lambda *_: None)
    deployment = DEPLOYMENTS[0]
    said: list[str] = []
    began = time.monotonic()
    with pytest.raises(OvationError) as failure:
        submit._submit(deployment, Flink("http://127.0.0.1:1"), {}, tmp_path / "archive", "none", said.append)
    assert str(failure.value) == (
        f"{deployment.name}: its client was not done within 1 s, and was ended. "
        "Repeat `ovation submit`: what runs already is left alone."
    )
    assert time.monotonic() - began < 15
    assert said == []
    assert marked(tmp_path) == set()
