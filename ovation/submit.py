"""Puts the jobs on a Flink cluster with `flink run`, replaces them, and stops them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from ovation import flink_client, savepoints
from ovation.addresses import Addresses
from ovation.data_dir import CHECKOUT
from ovation.deployments import DEPLOYMENTS, Deployment
from ovation.errors import OvationError
from ovation.flink_api import Flink, Job
from ovation.flink_client import Start
from ovation.flink_failures import MISFIT, cause
from ovation.flink_waits import stop_with_savepoint, wait_until_ended, wait_until_running
from ovation.jobs_archive import ARCHIVE, write_archive

Report = Callable[[str], None]


def submit(
    addresses: Addresses,
    *,
    deployments: Sequence[Deployment] = DEPLOYMENTS,
    start_from: str = "latest",
    parallelism: int | None = None,
    report: Report = print,
) -> None:
    """Submit each of `deployments` that is not running yet, by one client, and return when all of them run.

    `start_from` is `latest` (the newest savepoint or checkpoint of each, or nothing if it never ran), `none`, the path
    of a savepoint, which only fits when a single deployment is missing, or a folder of savepoints (`savepoints.given`).
    Without a `parallelism` the jobs' own setting says it.

    Raises OvationError with what Flink said of those that it did not take; the others run then.
    """
    flink = Flink(addresses.flink_url)
    running = flink.alive()
    missing = [deployment for deployment in deployments if deployment.name not in running]
    for deployment in deployments:
        if deployment not in missing:
            report(f"{deployment.name}: runs already")
    given = {} if start_from in {"latest", "none"} else savepoints.given(start_from, missing)
    if not missing:
        return
    # The client plans the jobs of the archive, whichever checkout somebody calls it from.
    environment = {**addresses.environment(), "PYTHONSAFEPATH": "1"}
    if parallelism is not None:
        environment["OVATION_PARALLELISM"] = str(parallelism)
    # One is planned after the other: what screens wait for goes first.
    missing.sort(key=lambda deployment: deployment.sink != "redis")
    starts = [_start(deployment, flink, given.get(deployment, start_from)) for deployment in missing]
    refused = flink_client.run(starts, flink.url, write_archive(CHECKOUT, ARCHIVE), environment)
    failures = [f"{deployment.name} was not taken by Flink: {said}" for deployment, said in refused.items()]
    for start in starts:
        if start.deployment in refused:
            continue
        try:
            wait_until_running(flink, start.deployment.name, meanwhile=lambda job: _refuse_misfit(flink, job))
        except OvationError as error:
            failures.append(str(error))
        else:
            report(f"{start.deployment.name}: runs, from {start.state or 'the beginning of its topics'}")
    if failures:
        raise OvationError("\n".join(failures))


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


def _start(deployment: Deployment, flink: Flink, start_from: str) -> Start:
    state = savepoints.newest(flink, deployment) if start_from == "latest" else start_from
    checkpoints = savepoints.folder(flink, savepoints.CHECKPOINTS, deployment)
    return Start(deployment, None if state == "none" else state, checkpoints)


def _refuse_misfit(flink: Flink, job: Job) -> None:
    """Cancel a job whose state is another version's, and raise OvationError."""
    failure = next((each["stacktrace"] for each in flink.failures(job) if MISFIT in each["stacktrace"]), None)
    if failure is not None:
        flink.cancel(job)
        wait_until_ended(flink, {job.name})
        raise OvationError(f"{job.name} cannot go on from this state: {cause(failure)}")
