"""Flink's client: the process behind `flink run`, which plans deployments and hands them to a cluster."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ovation import savepoints
from ovation.data_dir import CHECKOUT
from ovation.deployments import Deployment
from ovation.errors import OvationError
from ovation.flink_failures import cause

TIMEOUT_S = 180
PROGRAM = CHECKOUT / "jobs" / "together.py"
START_FROM = "execution.state-recovery.path"


@dataclass(frozen=True, slots=True)
class Start:
    """A deployment to be started: from the `state` at a URL, or from nothing; its `checkpoints` go to a folder."""

    deployment: Deployment
    state: str | None = None
    checkpoints: str | None = None

    def arguments(self) -> list[str]:
        """Return what names it to `jobs/together.py`."""
        options = {savepoints.CHECKPOINTS: self.checkpoints, START_FROM: self.state}
        given = [f"{key}={value}" for key, value in options.items() if value]
        return ["--deployment", self.deployment.job, self.deployment.sink, *given]


def flink_command() -> str:
    """Return the `flink` command: of FLINK_HOME, of the checkout, or on the path.

    Raises OvationError when there is none.
    """
    homes = [Path(home) for home in (os.environ.get("FLINK_HOME"), CHECKOUT / ".local" / "flink") if home]
    found = next(
        (str(home / "bin" / "flink") for home in homes if (home / "bin" / "flink").exists()), shutil.which("flink")
    )
    if found is None:
        raise OvationError(
            "No flink command was found: run make install, or set FLINK_HOME to a Flink 2.2 distribution."
        )
    return found


def run(
    starts: Sequence[Start],
    flink_url: str,
    archive: Path,
    environment: Mapping[str, str],
    options: Mapping[str, str] | None = None,
) -> dict[Deployment, str]:
    """Submit `starts` to the cluster at `flink_url`, and return why Flink did not take those that it did not.

    `options` of Flink's are for all of them. Raises OvationError when the client itself fails, or takes too long.
    """
    command = [flink_command(), "run", "--detached", "--jobmanager", urlsplit(flink_url).netloc]
    command += [f"-D{key}={value}" for key, value in (options or {}).items()]
    command += ["-py", str(PROGRAM), "-pyfs", str(archive)]
    command += [word for start in starts for word in start.arguments()]
    # Each client would leave a folder among the machine's temporary files.
    with tempfile.TemporaryDirectory(prefix="ovation-submit-") as folder:
        java = f"-Djava.io.tmpdir={folder} {os.environ.get('JVM_ARGS', '')}"
        try:
            done = subprocess.run(  # noqa: S603 - the words are ours
                command,
                env={**os.environ, **environment, "JVM_ARGS": java},
                capture_output=True,
                text=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            # The client is dead: Flink's script has become the JVM, and the Python below it ends without one.
            raise OvationError(
                f"Flink's client was not done within {TIMEOUT_S} s, and was ended. "
                "Repeat `ovation submit`: what runs already is left alone."
            ) from error
    refused = _refused(done.stdout)
    if done.returncode != 0 and not refused:
        raise OvationError(f"Flink's client failed: {cause(done.stdout + done.stderr)}")
    return refused


def _refused(output: str) -> dict[Deployment, str]:
    told = [json.loads(line) for line in output.splitlines() if line.startswith('{"job": ')]
    return {Deployment(each["job"], each["sink"]): cause(each["refused"]) for each in told}
