"""No password is in what travels with a job: Flink keeps its graph, and whoever may ask Flink may read it."""

import pickle
from collections.abc import Callable
from typing import Any

import cloudpickle
import pytest
import yaml
from pydantic import SecretStr

from jobs.history import ControlWriter
from jobs.settings import JobSettings, MissingSecretError
from jobs.sinks.clickhouse_ballots import ballot_writer
from jobs.sinks.clickhouse_reactions import reactor_writer, sum_writer
from jobs.sinks.redis_polls import tally_writer
from jobs.sinks.redis_reactions import reactions_writer
from local.paths import CHECKOUT

REDIS, CLICKHOUSE = "redis-password", "clickhouse-password"
URL = f"redis://ovation:{REDIS}@redis:6379/0"


@pytest.fixture
def settings() -> JobSettings:
    return JobSettings(redis_url=SecretStr(URL), clickhouse_password=SecretStr(CLICKHOUSE), clickhouse_user="ovation")


WRITERS: dict[str, Callable[[JobSettings], Any]] = {
    "ballots": ballot_writer,
    "sums": sum_writer,
    "reactors": reactor_writer,
    "polls": tally_writer,
    "windows": lambda settings: reactions_writer(settings, totals=False),
    "totals": lambda settings: reactions_writer(settings, totals=True),
    "streams": lambda settings: ControlWriter("stream", settings),
    "settings": lambda settings: settings,
}


@pytest.mark.parametrize("name", WRITERS)
def test_no_function_of_a_job_carries_a_password(settings: JobSettings, name: str) -> None:
    written = cloudpickle.dumps(WRITERS[name](settings))  # As PyFlink writes it into the graph.
    assert REDIS.encode() not in written
    assert CLICKHOUSE.encode() not in written
    assert REDIS not in repr(settings) + str(settings) + settings.model_dump_json()


def test_a_worker_reads_them_from_its_own_environment(settings: JobSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    written = pickle.dumps(settings)
    monkeypatch.setenv("OVATION_REDIS_URL", "redis://ovation:newer@redis:6379/0")
    monkeypatch.setenv("OVATION_CLICKHOUSE_PASSWORD", "newer")
    read: JobSettings = pickle.loads(written)
    assert read.redis_url.get_secret_value() == "redis://ovation:newer@redis:6379/0"
    assert read.clickhouse_password.get_secret_value() == "newer"
    assert read.clickhouse_user == "ovation"


@pytest.mark.parametrize("lacking", ["OVATION_REDIS_URL", "OVATION_CLICKHOUSE_PASSWORD"])
def test_a_worker_without_one_says_which(settings: JobSettings, monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    monkeypatch.setenv("OVATION_REDIS_URL", URL)
    monkeypatch.setenv("OVATION_CLICKHOUSE_PASSWORD", CLICKHOUSE)
    monkeypatch.delenv(lacking)
    with pytest.raises(MissingSecretError, match=lacking):
        pickle.loads(pickle.dumps(settings))


def test_where_there_is_no_password_a_worker_needs_nothing() -> None:
    settings = JobSettings(redis_url=SecretStr("redis://redis:6379/0"), clickhouse_user="default")
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_the_taskmanagers_of_compose_have_each_password_that_jobs_are_submitted_with() -> None:
    services: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]
    submit, worker = services["submit"]["environment"], services["taskmanager"]["environment"]
    assert worker["OVATION_CLICKHOUSE_PASSWORD"] == submit["OVATION_CLICKHOUSE_PASSWORD"]
    if "@" in submit["OVATION_REDIS_URL"]:
        assert worker["OVATION_REDIS_URL"] == submit["OVATION_REDIS_URL"]
