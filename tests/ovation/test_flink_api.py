"""What an embedded cluster says when it is told to, said here by a stand-in: it comes by load alone, and rarely."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from ovation.errors import OvationError
from ovation.flink_api import Flink, Job
from ovation.flink_waits import stop_with_savepoint, wait_until_running

JOB = Job("a1", "poll_dedup --sink redis", "RUNNING")
BADLY = (
    "org.apache.flink.util.SerializedThrowable: it failed\n\tat x\n"
    "Caused by: org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException: A savepoint "
    "has been created at: file:/savepoints/savepoint-1, but the corresponding job a1 failed during stopping. The "
    "savepoint is consistent, but might have uncommitted transactions.\n\tat y\n"
)
REFUSED = "Caused by: java.lang.IllegalStateException: No checkpoint can be taken now\n\tat x\n"


class StandIn(ThreadingHTTPServer):
    """A cluster with one job, which cannot be stopped as it should because of `trace`."""

    def __init__(self, trace: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.trace = trace
        self.state = "RESTARTING"
        self.away_for = 0
        """How many questions find no JobManager that leads."""

    @property
    def flink(self) -> Flink:
        return Flink(f"http://127.0.0.1:{self.server_address[1]}")


class _Answers(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        if self.server.away_for:
            self.server.away_for -= 1
            self._say({"errors": ["Service temporarily unavailable due to an ongoing leader election."]}, 503)
        elif self.path == f"/jobs/{JOB.job_id}":
            self._say({"vertices": [{"tasks": {"RUNNING": 1, "FAILED": 0}}]})
        elif self.path == "/jobs/overview":
            self._say({"jobs": [{"jid": JOB.job_id, "name": JOB.name, "state": self.server.state}]})
        else:
            operation = {"failure-cause": {"class": "SerializedThrowable", "stack-trace": self.server.trace}}
            self._say({"status": {"id": "COMPLETED"}, "operation": operation})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"request-id": "1"})

    def do_PATCH(self) -> None:
        self.server.state = "CANCELED"
        self._say({})

    def log_message(self, *_: object) -> None: ...

    def _say(self, answer: Any, status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def cluster(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    with StandIn(request.param) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("cluster", [BADLY], indirect=True)
def test_a_job_that_fails_while_it_stops_is_stopped_behind_the_savepoint_that_it_left(cluster: StandIn) -> None:
    assert stop_with_savepoint(cluster.flink, JOB, "file:/savepoints") == "file:/savepoints/savepoint-1"
    assert cluster.state == "CANCELED", "Flink would start it again"


@pytest.mark.parametrize("cluster", [REFUSED], indirect=True)
def test_one_without_a_savepoint_goes_on(cluster: StandIn) -> None:
    with pytest.raises(OvationError, match=r"No checkpoint can be taken now\. It goes on"):
        stop_with_savepoint(cluster.flink, JOB, "file:/savepoints")
    assert cluster.state == "RESTARTING"


@pytest.mark.parametrize("cluster", [REFUSED], indirect=True)
def test_a_jobmanager_that_is_away_meanwhile_is_asked_again(cluster: StandIn) -> None:
    cluster.away_for = 3
    assert wait_until_running(cluster.flink, JOB.name).job_id == JOB.job_id
    assert cluster.away_for == 0


@pytest.mark.parametrize("cluster", [REFUSED], indirect=True)
def test_one_that_stays_away_is_said(cluster: StandIn) -> None:
    cluster.away_for = 1_000
    with pytest.raises(OvationError, match=r"does not run after 1 s.*503"):
        wait_until_running(cluster.flink, JOB.name, within_s=1)
