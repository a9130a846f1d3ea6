"""Flink: whether the deployments run, stay up and keep their state, and whether there is room for them."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ovation.deployments import DEPLOYMENTS, Deployment
from ovation.doctor import clock
from ovation.doctor.finding import Finding, broken, warning
from ovation.doctor.place import Place
from ovation.errors import OvationError
from ovation.flink_api import Flink, Job, NoLeaderError

PART = "flink"
STALE_CHECKPOINT_S = 60
"""Six times the interval of `flink-conf/config.yaml`."""
LATELY_S = 600
MANY = 3
"""A start or two come from what dies and is replaced; the alert DeploymentRestarting draws the same line."""
_WITHOUT = {
    "redis": "Counts on screens stand still.",
    "clickhouse": "History stands still, and no result becomes final.",
}


def check(place: Place) -> list[Finding]:
    """Ask Flink at `place`."""
    flink = Flink(place.addresses.flink_url)
    try:
        return [*_room(place, flink), *_jobs(place, flink)]
    except NoLeaderError as error:
        why = "That is over in seconds, or lasts: then it leads, its jobs may run, and it does not hear of it."
        return [broken(PART, str(error), why, place.restart_jobmanager())]
    except OvationError as error:
        return [
            broken(
                PART,
                str(error),
                "Nothing is counted: screens and history stand still. Taps and votes wait in Kafka.",
                place.start(PART),
            )
        ]


def _room(place: Place, flink: Flink) -> Iterator[Finding]:
    overview = flink.overview()
    if overview["taskmanagers"] == 0:
        what = "It has no TaskManager."
        yield broken(PART, what, "No job can run, so nothing is counted.", place.start(PART))
    elif place.data_dir is not None and overview["taskmanagers"] < (wanted := _taskmanagers(place.data_dir)):
        what = f"Only {overview['taskmanagers']} of its {wanted} TaskManagers is there."
        yield warning(PART, what, "When no other is left, screens stand still until another is up.", place.start(PART))


def _taskmanagers(data_dir: Path) -> int:
    from local.settings import read_settings  # noqa: PLC0415 - only for the embedded stack
    from local.stack import Stack  # noqa: PLC0415

    return Stack(read_settings(data_dir)).settings.flink_taskmanagers


def _jobs(place: Place, flink: Flink) -> Iterator[Finding]:
    alive = flink.alive()
    missing = [deployment for deployment in DEPLOYMENTS if deployment.name not in alive]
    if missing:
        names = ", ".join(deployment.name for deployment in missing)
        why = " ".join(_WITHOUT[sink] for sink in dict.fromkeys(deployment.sink for deployment in missing))
        yield broken(
            PART, f"{len(missing)} of {len(DEPLOYMENTS)} jobs do not run: {names}.", why, place.ovation("submit")
        )
    for deployment in DEPLOYMENTS:
        if deployment not in missing:
            yield from _job(place, flink, deployment, alive[deployment.name])
    if alive:
        first = next(iter(alive.values()))
        reading = clock.read(lambda: float(flink.detail(first)["now"]) / 1000, time.time)
        yield from clock.compare(PART, reading)


def _job(place: Place, flink: Flink, deployment: Deployment, job: Job) -> Iterator[Finding]:
    now_ms = flink.detail(job)["now"]
    failures = flink.failures(job)
    lately = [each for each in failures if each["timestamp"] > now_ms - LATELY_S * 1000]
    states = flink.task_states(job)
    cause = f" Its last failure: {_words(failures[0])}" if failures else ""
    if job.state != "RUNNING" or states - {"RUNNING", "FINISHED"}:
        yield broken(
            PART,
            f"{deployment.name} is {job.state}, its tasks are {', '.join(sorted(states))}.{cause}",
            _WITHOUT[deployment.sink],
            f"{place.log(PART)}    # it tries again by itself; what it lacks is in the failure",
            follows_from=deployment.sink,
        )
    elif len(lately) >= MANY:
        yield warning(
            PART,
            f"{deployment.name} was started again {len(lately)} times in the last {LATELY_S // 60} minutes.{cause}",
            "Each time it reads again what came since its last checkpoint: no number is wrong, and screens are late.",
            f"{place.log(PART)}    # and the job's page at {place.address(PART)}/#/job/running/{job.job_id}/exceptions",
            follows_from=deployment.sink,
        )
    yield from _checkpoints(place, flink, deployment, job, now_ms)


def _checkpoints(place: Place, flink: Flink, deployment: Deployment, job: Job, now_ms: int) -> Iterator[Finding]:
    found: Any = flink.checkpoints(job)
    completed, failed = found["latest"]["completed"], found["latest"]["failed"]
    restored = found["latest"]["restored"]
    kept_ms = [
        each
        for each in (completed and completed["latest_ack_timestamp"], restored and restored["restore_timestamp"])
        if each
    ]
    age_s = (now_ms - max([flink.detail(job)["start-time"], *kept_ms])) / 1000
    if failed and failed["trigger_timestamp"] > (completed["trigger_timestamp"] if completed else 0):
        yield broken(
            PART,
            f"{deployment.name}: its newest checkpoint failed: {failed.get('failure_message') or 'no reason given'}",
            "State is not kept: a crash reads again everything since the last one that was complete.",
            f"df -h; {place.log(PART)}    # mostly a full or unreachable disk for checkpoints",
        )
    elif age_s > STALE_CHECKPOINT_S:
        yield warning(
            PART,
            f"{deployment.name} has kept its state last {age_s:.0f} s ago.",
            "Its sink waits for its store, or checkpoints go nowhere. A crash reads everything since then again.",
            f"{place.log(PART)}    # and {place.address(PART)}/#/job/running/{job.job_id}/checkpoints",
            follows_from=deployment.sink,
        )


def _words(failure: dict[str, Any]) -> str:
    """Return the line of a failure that says most: its innermost cause."""
    lines = [line.strip() for line in str(failure.get("stacktrace", "")).splitlines()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return (causes or lines or [str(failure.get("exceptionName"))])[-1 if causes else 0][:300]
