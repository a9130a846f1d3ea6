"""Flink's REST interface, as far as submitting, stopping and watching the jobs needs it."""

from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.exceptions import HTTPError

from ovation.errors import OvationError

NO_LEADER = 503
"""With what a JobManager answers while none leads."""
NOT_YET = 404
"""With what one answers that has just begun to lead and knows not all jobs yet."""


class NoAnswerError(OvationError):
    """Flink is not there just now, or not ready: who waits for something asks again."""


class NoLeaderError(NoAnswerError):
    """A JobManager answers, and knows of none that leads."""


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

    def begin_savepoint(self, job: Job, folder: str) -> str:
        """Tell the job to stop behind a savepoint in `folder`, and return by which id `savepoint` knows it."""
        answer = self._call("POST", f"/jobs/{job.job_id}/stop", {"targetDirectory": folder, "drain": False})
        return str(answer["request-id"])

    def savepoint(self, job: Job, request: str) -> dict[str, Any] | None:
        """Return what became of a savepoint, a `location` or a `failure-cause`, or None while it is being made."""
        answer = self._get(f"/jobs/{job.job_id}/savepoints/{request}")
        return answer["operation"] if answer["status"]["id"] == "COMPLETED" else None

    def cancel(self, job: Job) -> None:
        """Tell the job to end as it stands; its newest checkpoint is kept."""
        self._call("PATCH", f"/jobs/{job.job_id}?mode=cancel")

    def _get(self, path: str) -> Any:
        return self._call("GET", path)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            answer = self._http.request(method, self.url + path, json=body)
        except HTTPError as error:
            raise NoAnswerError(f"Flink does not answer at {self.url}: {type(error).__name__}.") from error
        if answer.status == NO_LEADER:
            raise NoLeaderError(f"Flink at {self.url} knows no leader: 503.")
        if answer.status >= 400:
            refused = NoAnswerError if answer.status == NOT_YET else OvationError
            raise refused(f"Flink at {self.url} refused {method} {path}: {answer.status}.")
        return answer.json() if answer.data else None
