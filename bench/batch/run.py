"""One deployment over a topic that is full: how much it counts for a second of processor time.

The start is left out: the clocks run from when `warm` is counted to when all is. What is counted is asked of the store,
so that a record which was read but not yet written is not done.
"""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from bench.batch.cluster import Cluster
from bench.batch.usage import Usage, usage
from bench.last_mile.usage import cpu_s
from ovation import flink_client
from ovation.data_dir import CHECKOUT
from ovation.deployments import Deployment
from ovation.flink_api import Flink, Job
from ovation.flink_client import Start
from ovation.flink_waits import wait_until_running
from ovation.jobs_archive import write_archive

LOOK_S = 0.05


class RunError(Exception):
    """A deployment did not count what it had to."""


@dataclass(frozen=True, slots=True)
class Run:
    """What was `counted` between `warm` and the end, in whatever `progress` counts, and what that took.

    `used` is the TaskManager's with its Python workers; `beside` are the seconds of the other processes.
    """

    counted: int
    wall_s: float
    used: Usage
    beside: dict[str, float] = field(default_factory=dict)

    @property
    def per_core(self) -> float:
        """Counted for a second of processor time."""
        return self.counted / self.used.all


def run(
    cluster: Cluster,
    deployment: Deployment,
    progress: Callable[[], int],
    all_of_it: int,
    *,
    warm: int,
    options: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    timeout_s: float = 600,
    profile: Path | None = None,
) -> Run:
    """Submit `deployment`, wait until `progress()` is `all_of_it`, and cancel it. Stores should be empty before.

    `options` are Flink's, as `key=value`; `env` are settings of the job (`OVATION_*`). With `profile` a recording of
    JDK Flight Recorder is written there, from `warm` on.

    Raises RunError when Flink does not take it, when more is counted, or when it is not done after `timeout_s`.
    """
    with submitted(cluster, deployment, options, env or {}) as job:
        deadline = time.monotonic() + timeout_s
        began = _reach(progress, warm, all_of_it, cluster, deadline)
        if profile:
            jcmd(cluster.taskmanager, "JFR.start", "name=run", "settings=profile", f"filename={profile}")
        ended = _reach(progress, all_of_it, all_of_it, cluster, deadline)
        if profile:
            jcmd(cluster.taskmanager, "JFR.stop", "name=run")
        if restarts := Flink(cluster.settings.flink_url).restarts(job):
            raise RunError(f"{deployment.name} was started again {restarts} times")
    beside = {name: ended.beside[name] - began.beside[name] for name in ended.beside}
    return Run(ended.counted - began.counted, ended.at - began.at, ended.used - began.used, beside)


@contextmanager
def submitted(
    cluster: Cluster, deployment: Deployment, options: Sequence[str], env: Mapping[str, str]
) -> Iterator[Job]:
    """Run `deployment` on the cluster for as long as the block lasts."""
    archive = write_archive(CHECKOUT, cluster.settings.data_dir / "jobs.zip")
    flink = Flink(cluster.settings.flink_url)
    environment = {**cluster.addresses.environment(), **env}
    given = dict(option.split("=", 1) for option in options)
    if refused := flink_client.run([Start(deployment)], flink.url, archive, environment, given):
        raise RunError(f"{deployment.name} was not taken by Flink: {refused[deployment]}")
    job = wait_until_running(flink, deployment.name, flink_client.TIMEOUT_S)
    try:
        yield job
    finally:
        urllib3.request("PATCH", f"{flink.url}/jobs/{job.job_id}?mode=cancel")
        while deployment.name in flink.alive():
            time.sleep(LOOK_S)


@dataclass(frozen=True, slots=True)
class _Moment:
    counted: int
    at: float
    used: Usage
    beside: dict[str, float]


def _reach(progress: Callable[[], int], wanted: int, most: int, cluster: Cluster, deadline: float) -> _Moment:
    while (counted := progress()) < wanted:
        if time.monotonic() > deadline:
            raise RunError(f"{counted:,} of {wanted:,} were counted when time was over")
        time.sleep(LOOK_S)
    if counted > most:
        raise RunError(f"{counted:,} were counted of {most:,}")
    beside = {name: cpu_s(pid) for name, pid in cluster.pids.items() if pid != cluster.taskmanager}
    return _Moment(counted, time.monotonic(), usage(cluster.taskmanager), beside)


def jcmd(pid: int, *words: str) -> None:
    """Give the JVM with this process id a command of its diagnostics."""
    subprocess.run(["jcmd", str(pid), *words], capture_output=True, check=True, timeout=120)  # noqa: S603, S607
