"""Flink's client, which submits deployments: what it is told, and what is said of one that fails or takes too long."""

import json
import time
from pathlib import Path

import pytest

from local.processes import MARK, marked
from ovation import flink_client
from ovation.deployments import DEPLOYMENTS
from ovation.errors import OvationError
from ovation.flink_client import Start

URL = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of a `flink` command that each test writes for itself."""
    command = tmp_path / "bin" / "flink"
    command.parent.mkdir()
    command.touch(0o755)
    monkeypatch.setenv("FLINK_HOME", str(tmp_path))
    return command


def run(*starts: Start) -> dict[str, str]:
    refused = flink_client.run(starts, URL, Path("jobs.zip"), {}, {"a.b": "c"})
    return {deployment.name: said for deployment, said in refused.items()}


def test_it_is_told_of_each_deployment_and_what_is_for_it_alone(home: Path, tmp_path: Path) -> None:
    home.write_text(f'#!/usr/bin/env bash\nprintf "%s\\n" "$@" > {tmp_path}/told\n', encoding="utf-8")
    first, second = DEPLOYMENTS[:2]
    assert run(Start(first), Start(second, state="file:///s", checkpoints="file:///c")) == {}
    told = (tmp_path / "told").read_text(encoding="utf-8").splitlines()
    assert told[:5] == ["run", "--detached", "--jobmanager", "127.0.0.1:1", "-Da.b=c"]
    assert told[told.index("--deployment") :] == [
        *("--deployment", first.job, first.sink),
        *("--deployment", second.job, second.sink),
        "execution.checkpointing.dir=file:///c",
        "execution.state-recovery.path=file:///s",
    ]


def test_what_flink_does_not_take_is_told_by_its_innermost_cause(home: Path) -> None:
    first = DEPLOYMENTS[0]
    trace = "Traceback: \nCaused by: java.lang.RuntimeException: outer\nCaused by: java.io.IOException: inner\n"
    line = json.dumps({"job": first.job, "sink": first.sink, "refused": trace})
    home.write_text(
        f"#!/usr/bin/env bash\necho Job has been submitted\ncat <<'END'\n{line}\nEND\nexit 1\n", encoding="utf-8"
    )
    assert run(Start(first)) == {first.name: "java.io.IOException: inner"}


def test_a_client_that_fails_says_why(home: Path) -> None:
    home.write_text("#!/usr/bin/env bash\necho 'Caused by: no such host' >&2\nexit 1\n", encoding="utf-8")
    with pytest.raises(OvationError, match=r"^Flink's client failed: no such host$"):
        run(Start(DEPLOYMENTS[0]))


def test_a_client_that_takes_too_long_is_ended_and_said_in_a_sentence(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As Flink's own: the script becomes the program.
    home.write_text("#!/usr/bin/env bash\nexec sleep 30\n", encoding="utf-8")
    monkeypatch.setenv(MARK, str(tmp_path))
    monkeypatch.setattr(flink_client, "TIMEOUT_S", 1)
    began = time.monotonic()
    with pytest.raises(OvationError) as failure:
        run(Start(DEPLOYMENTS[0]))
    assert str(failure.value) == (
        "Flink's client was not done within 1 s, and was ended. "
        "Repeat `ovation submit`: what runs already is left alone."
    )
    assert time.monotonic() - began < 15
    assert marked(tmp_path) == set()
