"""No password is in what travels with a job: Flink keeps its graph, and whoever may ask Flink may read it."""

import pickle
from collections.abc import Callable
from typing import Any

import cloudpickle
import pytest
from pydantic import SecretStr

from contracts.topics import VOTES
from jobs.environment import pace_of
from jobs.history import ControlWriter
from jobs.settings import JobSettings, MissingSecretError
from jobs.sinks.clickhouse_ballots import ballot_writer
from jobs.sinks.clickhouse_reactions import reactor_writer, sum_writer
from jobs.sinks.redis_polls import tally_writer
from jobs.sinks.redis_reactions import reactions_writer
from jobs.sources import bounded_kafka, connection, kafka
from tests.compose import SERVICES

REDIS, CLICKHOUSE, KAFKA = "redis-password", "clickhouse-password", "kafka-password"
URL = f"redis://ovation:{REDIS}@redis:6379/0"


@pytest.fixture
def settings() -> JobSettings:
    return JobSettings(
        redis_url=SecretStr(URL),
        clickhouse_password=SecretStr(CLICKHOUSE),
        clickhouse_user="ovation",
        kafka_security="sasl_plaintext",
        kafka_username="somebody",
        kafka_password=SecretStr(KAFKA),
    )


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
    assert KAFKA.encode() not in written
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    assert not [password for password in (REDIS, CLICKHOUSE, KAFKA) if password in shown]


def test_no_table_of_a_job_has_its_password_or_its_name(settings: JobSettings) -> None:
    said = connection(settings)
    assert KAFKA not in said
    assert "somebody" not in said
    assert "'properties.security.protocol' = 'SASL_PLAINTEXT'" in said
    assert kafka(VOTES.name, pace_of("redis", settings), settings).count(said) == 1
    assert bounded_kafka(VOTES.name, settings, "", "").count(said) == 1
    plain = JobSettings(kafka_bootstrap="kafka:1")
    assert connection(plain) == "'properties.bootstrap.servers' = 'kafka:1'", "nothing else is said where nobody asks"


def test_a_worker_reads_them_from_its_own_environment(settings: JobSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    written = pickle.dumps(settings)
    monkeypatch.setenv("OVATION_REDIS_URL", "redis://ovation:newer@redis:6379/0")
    monkeypatch.setenv("OVATION_CLICKHOUSE_PASSWORD", "newer")
    monkeypatch.setenv("OVATION_KAFKA_USERNAME", "newer")
    monkeypatch.setenv("OVATION_KAFKA_PASSWORD", "newer")
    read: JobSettings = pickle.loads(written)
    assert read.redis_url.get_secret_value() == "redis://ovation:newer@redis:6379/0"
    assert read.clickhouse_password.get_secret_value() == "newer"
    assert (read.kafka_username, read.kafka_password.get_secret_value()) == ("newer", "newer")
    assert read.clickhouse_user == "ovation"


@pytest.mark.parametrize(
    "lacking",
    ["OVATION_REDIS_URL", "OVATION_CLICKHOUSE_PASSWORD", "OVATION_KAFKA_USERNAME", "OVATION_KAFKA_PASSWORD"],
)
def test_a_worker_without_one_says_which(settings: JobSettings, monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    monkeypatch.setenv("OVATION_REDIS_URL", URL)
    monkeypatch.setenv("OVATION_CLICKHOUSE_PASSWORD", CLICKHOUSE)
    monkeypatch.setenv("OVATION_KAFKA_USERNAME", "somebody")
    monkeypatch.setenv("OVATION_KAFKA_PASSWORD", KAFKA)
    monkeypatch.delenv(lacking)
    with pytest.raises(MissingSecretError, match=lacking):
        pickle.loads(pickle.dumps(settings))


def test_where_there_is_no_password_a_worker_needs_nothing() -> None:
    settings = JobSettings(redis_url=SecretStr("redis://redis:6379/0"), clickhouse_user="default")
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_the_taskmanagers_of_compose_have_each_password_that_jobs_are_submitted_with() -> None:
    submit, worker = SERVICES["submit"]["environment"], SERVICES["taskmanager"]["environment"]
    assert worker["OVATION_CLICKHOUSE_PASSWORD"] == submit["OVATION_CLICKHOUSE_PASSWORD"]
    assert submit["OVATION_KAFKA_PASSWORD"].startswith("${")
    # The JobManager too: there a source looks for partitions.
    for process in (worker, SERVICES["jobmanager"]["environment"]):
        for name in ("OVATION_KAFKA_USERNAME", "OVATION_KAFKA_PASSWORD"):
            assert process[name] == submit[name]
    if "@" in submit["OVATION_REDIS_URL"]:
        assert worker["OVATION_REDIS_URL"] == submit["OVATION_REDIS_URL"]
