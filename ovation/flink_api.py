"""Flink's REST interface, as far as submitting, stopping and watching the jobs needs it."""

import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from ovation.errors import OvationError
from ovation.flink_failures import cause

POLL_S = 0.2
_LEFT_BEHIND = re.compile(r"A savepoint has been created at: (\S+), but the corresponding job")


@dataclass(frozen=True, slots=True)
class Job:
    """A job that Flink knows. `state` is Flink's own word, such as RUNNING or RESTARTING."""

    job_id: str
    name: str
    state: str

    @property
    def alive(self) -> bool:
        """Whether it runs or will run again by itself."""
        return self.state not in {"FINISHED", "CANCELED", "FAILED", "SUSPENDED"}


class Flink:
    """A Flink cluster at a REST address such as `http://127.0.0.1:8081`. Every call raises OvationError."""

    def __init__(self, url: str) -> None:
        """Talk to the cluster at `url`."""
        self.url = url.rstrip("/")
        self._http = urllib3.PoolManager(maxsize=8, timeout=urllib3.Timeout(connect=2, read=10), retries=False)

    def jobs(self) -> list[Job]:
        """Return the jobs that are alive or ended lately."""
        overview = self._get("/jobs/overview")["jobs"]
        return [Job(job["jid"], job["name"], job["state"]) for job in overview]

    def alive(self) -> dict[str, Job]:
        """Return the jobs that are alive, by name."""
        return {job.name: job for job in self.jobs() if job.alive}

    def task_states(self, job: Job) -> set[str]:
        """Return the states that the job's tasks are in."""
        vertices = self._get(f"/jobs/{job.job_id}")["vertices"]
        return {state for vertex in vertices for state, count in vertex["tasks"].items() if count}

    def taskmanagers(self, job: Job) -> set[str]:
        """Return the ids of the TaskManagers on which the job's tasks are."""
        vertices = [vertex["id"] for vertex in self._get(f"/jobs/{job.job_id}")["vertices"]]
        hosts = (self._get(f"/jobs/{job.job_id}/vertices/{vertex}/taskmanagers") for vertex in vertices)
        return {host["taskmanager-id"] for answer in hosts for host in answer["taskmanagers"]}

    def restarts(self, job: Job) -> int:
        """Return how often the job was started again after a failure."""
        metrics = self._get(f"/jobs/{job.job_id}/metrics?get=numRestarts")
        return int(metrics[0]["value"]) if metrics else 0

    def read(self, job: Job) -> tuple[int, bool]:
        """Return how many records the sources of a job that ends have read, and whether that is all of them."""
        vertices = self._get(f"/jobs/{job.job_id}")["vertices"]
        sources = [vertex for vertex in vertices if vertex["name"].startswith("Source: ")]
        records = sum(vertex["metrics"]["read-records"] for vertex in sources)
        return records, bool(sources) and all(vertex["status"] == "FINISHED" for vertex in sources)

    def overview(self) -> dict[str, int]:
        """Return how many TaskManagers and slots there are: `taskmanagers`, `slots-total`, `slots-available`."""
        found: dict[str, int] = self._get("/overview")
        return found

    def detail(self, job: Job) -> dict[str, Any]:
        """Return what Flink tells of a job; `now` is the JobManager's time in ms."""
        found: dict[str, Any] = self._get(f"/jobs/{job.job_id}")
        return found

    def failures(self, job: Job) -> list[dict[str, Any]]:
        """Return why the job was started again, newest first: `timestamp` in ms, `exceptionName`, `stacktrace`."""
        found: list[dict[str, Any]] = self._get(f"/jobs/{job.job_id}/exceptions")["exceptionHistory"]["entries"]
        return found

    def checkpoints(self, job: Job) -> dict[str, Any]:
        """Return the job's checkpoints: `counts`, and of the `latest` one that is `completed`, `failed`, `restored`."""
        found: dict[str, Any] = self._get(f"/jobs/{job.job_id}/checkpoints")
        return found

    def setting(self, key: str) -> str | None:
        """Return what the cluster's configuration says of `key`."""
        return next((entry["value"] for entry in self._get("/jobmanager/config") if entry["key"] == key), None)

    def stop_with_savepoint(self, job: Job, folder: str, timeout_s: float = 120) -> str:
        """Stop the job behind a savepoint in `folder`, and return the savepoint's path.

        A job that fails while it stops has left a savepoint that is whole, too, since no sink here has a transaction.
        Flink starts such a job again, so it is cancelled.
        """
        trigger = self._call("POST", f"/jobs/{job.job_id}/stop", {"targetDirectory": folder, "drain": False})[
            "request-id"
        ]
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            answer = self._get(f"/jobs/{job.job_id}/savepoints/{trigger}")
            if answer["status"]["id"] == "COMPLETED":
                operation = answer["operation"]
                if "location" in operation:
                    return str(operation["location"])
                failure = operation.get("failure-cause", {})
                said = cause(failure.get("stack-trace") or failure.get("class", "")).rstrip(".")
                if left := _LEFT_BEHIND.search(said):
                    if job.name in self.alive():
                        self.cancel(job)
                    self.wait_until_ended({job.name})
                    return left[1]
                raise OvationError(f"{job.name} could not be stopped with a savepoint: {said}. It goes on running.")
            time.sleep(POLL_S)
        raise OvationError(f"{job.name} did not finish its savepoint within {timeout_s:.0f} s. It goes on running.")

    def cancel(self, job: Job) -> None:
        """Tell the job to end as it stands; its newest checkpoint is kept."""
        self._call("PATCH", f"/jobs/{job.job_id}?mode=cancel")

    def wait_until_ended(self, names: Collection[str], timeout_s: float = 20) -> None:
        """Return once none of the jobs `names` is alive."""
        deadline = time.monotonic() + timeout_s
        while left := [name for name in self.alive() if name in names]:
            if time.monotonic() > deadline:
                raise OvationError(f"{', '.join(left)} did not end within {timeout_s:.0f} s.")
            time.sleep(POLL_S)

    def wait_until_running(
        self, name: str, timeout_s: float = 60, meanwhile: Callable[[Job], None] = lambda _: None
    ) -> Job:
        """Return the job `name` once all of its tasks run. What `meanwhile` raises of one that does not, ends it."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            job = self.alive().get(name)
            if job is not None and self.task_states(job) == {"RUNNING"}:
                return job
            if job is not None:
                meanwhile(job)
            time.sleep(POLL_S)
        raise OvationError(f"{name} was submitted but does not run after {timeout_s:.0f} s: see its log at {self.url}.")

    def _get(self, path: str) -> Any:
        return self._call("GET", path)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            answer = self._http.request(method, self.url + path, json=body)
        except HTTPError as error:
            raise OvationError(f"Flink does not answer at {self.url}: {type(error).__name__}.") from error
        if answer.status >= 400:
            raise OvationError(f"Flink at {self.url} refused {method} {path}: {answer.status}.")
        return answer.json() if answer.data else None
