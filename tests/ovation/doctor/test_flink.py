"""Checkpoints that fail or do not come: rare on a real cluster, so its answers are told here."""

from typing import Any

import pytest

from ovation.addresses import Addresses
from ovation.data_dir import DEFAULT
from ovation.deployments import DEPLOYMENTS
from ovation.doctor import flink as flink_check
from ovation.doctor.finding import Finding
from ovation.doctor.place import Place
from ovation.flink_api import Flink, Job, NoLeaderError

NOW_MS = 10_000_000
DEPLOYMENT = DEPLOYMENTS[0]
JOB = Job("1", DEPLOYMENT.name, "RUNNING")


class Told(Flink):
    """A cluster on which one job started an hour ago."""

    def __init__(self, latest: dict[str, Any], failed_at: list[int], states: set[str]) -> None:
        super().__init__("http://127.0.0.1:1")
        self._latest, self._failed_at, self._states = latest, failed_at, states

    def detail(self, job: Job) -> dict[str, Any]:
        return {"now": NOW_MS, "start-time": NOW_MS - 3_600_000}

    def failures(self, job: Job) -> list[dict[str, Any]]:
        trace = "java.lang.RuntimeException: outer\n\tat x\nCaused by: redis is away\n\tat y"
        return [{"timestamp": at, "exceptionName": "x", "stacktrace": trace} for at in self._failed_at]

    def checkpoints(self, job: Job) -> dict[str, Any]:
        return {"latest": {"completed": None, "failed": None, "restored": None, **self._latest}}

    def task_states(self, job: Job) -> set[str]:
        return self._states


def completed(age_ms: int) -> dict[str, Any]:
    return {"completed": {"trigger_timestamp": NOW_MS - age_ms, "latest_ack_timestamp": NOW_MS - age_ms + 100}}


def found(latest: dict[str, Any], failed_at: list[int] | None = None, states: set[str] | None = None) -> list[Finding]:
    told = Told(latest, failed_at or [], states or {"RUNNING"})
    return list(flink_check._job(Place(Addresses()), told, DEPLOYMENT, JOB))


def test_a_job_that_keeps_its_state_is_well() -> None:
    assert found(completed(9_000)) == []


def test_state_that_was_just_restored_is_kept() -> None:
    assert found({"restored": {"restore_timestamp": NOW_MS - 5_000}}) == []


@pytest.mark.parametrize("latest", [completed(90_000), {}])
def test_state_that_is_not_kept(latest: dict[str, Any]) -> None:
    [finding] = found(latest)
    assert (finding.severity, finding.follows_from) == ("warning", "redis")
    assert "has kept its state last" in finding.what


def test_a_checkpoint_that_failed_after_the_last_good_one() -> None:
    failed = {"trigger_timestamp": NOW_MS - 2_000, "failure_message": "No space left on device"}
    [finding] = found({**completed(12_000), "failed": failed})
    assert finding.severity == "broken"
    assert "No space left on device" in finding.what


def test_one_that_failed_before_it_is_over() -> None:
    failed = {"trigger_timestamp": NOW_MS - 30_000, "failure_message": "once"}
    assert found({**completed(12_000), "failed": failed}) == []


def test_a_job_that_does_not_stay_up() -> None:
    lately = [NOW_MS - 1_000 * number for number in range(3)]
    [finding] = found(completed(9_000), lately)
    assert "3 times" in finding.what
    assert "redis is away" in finding.what
    assert found(completed(9_000), lately[:2]) == []
    assert found(completed(9_000), [at - 3_600_000 for at in lately]) == []


def test_a_job_whose_tasks_do_not_run() -> None:
    [finding] = found(completed(9_000), [NOW_MS - 100], {"RUNNING", "SCHEDULED"})
    assert (finding.severity, "SCHEDULED" in finding.what, "redis is away" in finding.what) == ("broken", True, True)


def test_one_that_knows_no_leader_is_started_anew_where_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Flink) -> dict[str, int]:
        raise NoLeaderError("Flink at http://flink.example:8081 knows no leader.")

    monkeypatch.setattr(Flink, "overview", refused)
    [finding] = flink_check.check(Place(Addresses()))
    assert (finding.severity, finding.what) == ("broken", "Flink at http://flink.example:8081 knows no leader.")
    assert finding.mend.startswith("docker compose restart jobmanager")
    [finding] = flink_check.check(Place(Addresses(), DEFAULT))
    assert finding.mend == "ovation up"
