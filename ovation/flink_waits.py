"""What a Flink cluster is asked until it comes true. A JobManager that is away meanwhile is asked again."""

import re
import time
from collections.abc import Callable, Collection
from typing import TypeVar

from ovation.errors import OvationError
from ovation.flink_api import Flink, Job, NoAnswerError
from ovation.flink_failures import cause

POLL_S = 0.2
SAVEPOINT_S = 120
RUNNING_S = 120
"""A task's Python worker starts before it runs: on a busy machine that takes a minute for four deployments at once."""
ENDED_S = 30
_LEFT_BEHIND = re.compile(r"A savepoint has been created at: (\S+), but the corresponding job")

T = TypeVar("T")


def until(asked: Callable[[], T | None], within_s: float, otherwise: str) -> T:
    """Ask until the answer is not None, and return it.

    Raises OvationError that says `otherwise` when `within_s` are over, and what `asked` raises but for NoAnswerError.
    """
    deadline = time.monotonic() + within_s
    silence = ""
    while time.monotonic() < deadline:
        try:
            if (found := asked()) is not None:
                return found
            silence = ""
        except NoAnswerError as error:
            silence = f" {error}"
        time.sleep(POLL_S)
    raise OvationError(f"{otherwise}{silence}")


def stop_with_savepoint(flink: Flink, job: Job, folder: str, within_s: float = SAVEPOINT_S) -> str:
    """Stop the job behind a savepoint in `folder`, and return the savepoint's path.

    A job that fails while it stops has left a savepoint that is whole, too, since no sink here has a transaction.
    Flink starts such a job again, so it is cancelled. Raises OvationError when there is no savepoint.
    """
    request = flink.begin_savepoint(job, folder)
    operation = until(
        lambda: flink.savepoint(job, request),
        within_s,
        f"{job.name} did not finish its savepoint within {within_s:.0f} s. It goes on running.",
    )
    if "location" in operation:
        return str(operation["location"])
    failure = operation.get("failure-cause", {})
    said = cause(failure.get("stack-trace") or failure.get("class", "")).rstrip(".")
    left = _LEFT_BEHIND.search(said)
    if left is None:
        raise OvationError(f"{job.name} could not be stopped with a savepoint: {said}. It goes on running.")
    if job.name in flink.alive():
        flink.cancel(job)
    wait_until_ended(flink, {job.name})
    return left[1]


def wait_until_ended(flink: Flink, names: Collection[str], within_s: float = ENDED_S) -> None:
    """Return once none of the jobs `names` is alive. Raises OvationError when one still is after `within_s`."""

    def ended() -> bool | None:
        return None if any(name in names for name in flink.alive()) else True

    until(ended, within_s, f"Not all of {', '.join(sorted(names))} ended within {within_s:.0f} s.")


def wait_until_running(
    flink: Flink, name: str, within_s: float = RUNNING_S, meanwhile: Callable[[Job], None] = lambda _: None
) -> Job:
    """Return the job `name` once all of its tasks run.

    What `meanwhile` raises of one that does not, ends it. Raises OvationError when it does not run after `within_s`.
    """

    def running() -> Job | None:
        job = flink.alive().get(name)
        if job is not None and flink.task_states(job) == {"RUNNING"}:
            return job
        if job is not None:
            meanwhile(job)
        return None

    said = f"{name} was submitted but does not run after {within_s:.0f} s: see its log at {flink.url}."
    return until(running, within_s, said)
