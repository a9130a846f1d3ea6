"""Puts the jobs on a Flink cluster, with the same `flink run` that an operator would type."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from ovation import savepoints
from ovation.addresses import Addresses
from ovation.data_dir import CHECKOUT
from ovation.deployments import DEPLOYMENTS, Deployment
from ovation.errors import OvationError
from ovation.flink_api import Flink, Job
from ovation.flink_failures import MISFIT, cause
from ovation.flink_waits import stop_with_savepoint, wait_until_ended, wait_until_running
from ovation.jobs_archive import ARCHIVE, write_archive

AT_ONCE = 2
"""A client is a JVM and a Python that plan a query: two keep two cores busy."""
CLIENT_TIMEOUT_S = 180

Report = Callable[[str], None]


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


def run_command(
    deployment: Deployment, flink_url: str, archive: Path, start_from: str | None, checkpoints: str | None
) -> list[str]:
    """Return the command line that submits `deployment`, from the state at `start_from` if it is given."""
    command = [flink_command(), "run", "--detached", "--jobmanager", urlsplit(flink_url).netloc]
    if checkpoints:
        command.append(f"-D{savepoints.CHECKPOINTS}={checkpoints}")
    if start_from:
        command += ["--fromSavepoint", start_from]
    return [*command, "-py", str(deployment.program), "-pyfs", str(archive), "--sink", deployment.sink]


def submit(
    addresses: Addresses,
    *,
    deployments: Sequence[Deployment] = DEPLOYMENTS,
    start_from: str = "latest",
    parallelism: int | None = None,
    at_once: int = AT_ONCE,
    report: Report = print,
) -> None:
    """Submit each of `deployments` that is not running yet, and return when all of them run.

    `start_from` is `latest` (the newest savepoint or checkpoint of each, or nothing if it never ran), `none`, or the
    path of a savepoint, which only fits when a single deployment is missing. Without a `parallelism` the jobs' own
    setting says it. So many are submitted `at_once`.

    Raises OvationError with what Flink said.
    """
    flink = Flink(addresses.flink_url)
    running = flink.alive()
    missing = [deployment for deployment in deployments if deployment.name not in running]
    for deployment in deployments:
        if deployment not in missing:
            report(f"{deployment.name}: runs already")
    if start_from not in {"latest", "none"} and len(missing) != 1:
        raise OvationError(f"A savepoint belongs to one deployment, but {len(missing)} are to be started.")
    archive = write_archive(CHECKOUT, ARCHIVE)
    # The client plans the jobs of the archive, whichever checkout somebody calls it from.
    environment = {**addresses.environment(), "PYTHONSAFEPATH": "1"}
    if parallelism is not None:
        environment["OVATION_PARALLELISM"] = str(parallelism)
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda deployment: _submit(deployment, flink, environment, archive, start_from, report), missing))


def stop_all(
    addresses: Addresses, *, deployments: Sequence[Deployment] = DEPLOYMENTS, report: Report = print
) -> dict[str, str]:
    """Stop each of `deployments` that runs behind a savepoint; return the savepoints' paths by deployment name.

    Raises OvationError when a job cannot be stopped so; it then goes on running.
    """
    flink = Flink(addresses.flink_url)
    running = flink.alive()
    alive = [deployment for deployment in deployments if deployment.name in running]

    def stop(deployment: Deployment) -> str:
        target = savepoints.folder(flink, savepoints.SAVEPOINTS, deployment)
        if target is None:
            raise OvationError(f"The cluster has no {savepoints.SAVEPOINTS}: set it, so that savepoints have a place.")
        path = stop_with_savepoint(flink, running[deployment.name], target)
        report(f"{deployment.name}: stopped, savepoint at {path}")
        return path

    with ThreadPoolExecutor(len(DEPLOYMENTS)) as pool:
        return dict(zip([deployment.name for deployment in alive], pool.map(stop, alive), strict=True))


def cancel_all(addresses: Addresses, *, deployments: Sequence[Deployment] = DEPLOYMENTS) -> None:
    """End each of `deployments` that runs, without a savepoint, and return when they have. Raises OvationError."""
    flink = Flink(addresses.flink_url)
    names = {deployment.name for deployment in deployments}
    for name, job in flink.alive().items():
        if name in names:
            flink.cancel(job)
    wait_until_ended(flink, names)


def _submit(
    deployment: Deployment,
    flink: Flink,
    environment: Mapping[str, str],
    archive: Path,
    start_from: str,
    report: Report,
) -> None:
    state = savepoints.newest(flink, deployment) if start_from == "latest" else start_from
    state = None if state == "none" else state
    checkpoints = savepoints.folder(flink, savepoints.CHECKPOINTS, deployment)
    command = run_command(deployment, flink.url, archive, state, checkpoints)
    # Each client would leave a folder among the machine's temporary files.
    with tempfile.TemporaryDirectory(prefix="ovation-submit-") as folder:
        options = f"-Djava.io.tmpdir={folder} {os.environ.get('JVM_ARGS', '')}"
        try:
            done = subprocess.run(  # noqa: S603 - the words are ours
                command,
                env={**os.environ, **environment, "JVM_ARGS": options},
                capture_output=True,
                text=True,
                timeout=CLIENT_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            # The client is dead: Flink's script has become the JVM, and the Python below it ends without one.
            raise OvationError(
                f"{deployment.name}: its client was not done within {CLIENT_TIMEOUT_S} s, and was ended. "
                "Repeat `ovation submit`: what runs already is left alone."
            ) from error
    if done.returncode != 0:
        raise OvationError(f"{deployment.name} was not taken by Flink: {cause(done.stdout + done.stderr)}")
    wait_until_running(flink, deployment.name, meanwhile=lambda job: _refuse_misfit(flink, job))
    report(f"{deployment.name}: runs, from {state or 'the beginning of its topics'}")


def _refuse_misfit(flink: Flink, job: Job) -> None:
    """Cancel a job whose state is another version's, and raise OvationError."""
    failure = next((each["stacktrace"] for each in flink.failures(job) if MISFIT in each["stacktrace"]), None)
    if failure is not None:
        flink.cancel(job)
        wait_until_ended(flink, {job.name})
        raise OvationError(f"{job.name} cannot go on from this state: {cause(failure)}")
