"""A deployment on a cluster, and a Kafka with users: its processes know a password, and the job has none with it.

The operator submits it, whose password the cluster does not know, and it reads and writes as the cluster's own user.
"""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from kafka import KafkaAdminClient, TopicPartition

from contracts.kafka_rights import GATEWAY, JOBS, OPERATOR
from contracts.topics import DEAD_LETTERS, REACTIONS, consumer_group
from local import flink, zookeeper
from local.environment import added
from local.processes import end, marked
from local.settings import StackSettings
from ovation.addresses import Addresses
from ovation.deployments import choose
from ovation.flink_api import Flink
from ovation.migrations import migrate
from ovation.submit import cancel_all, submit
from tests.flink_shows import MUST, Shown, files_with_any
from tests.gateway.processes import Process, stack_settings, until
from tests.security.kafka_with_users import PASSWORDS, Broker, read, write
from tests.sql.server import MIGRATIONS, Server, running

pytestmark = [pytest.mark.flink, pytest.mark.timeout(600)]

[DEPLOYMENT] = choose("reaction_window-clickhouse")
SECRETS = {*PASSWORDS.values(), PASSWORDS[JOBS].partition(",")[0]}
"""The last is without what a log would write in another way."""
DEADLINE_S = 90.0
WORKER_ENDED = "Beam Fn Logging clients still connected during shutdown"
"""What a TaskManager's log says then."""


@pytest.fixture(scope="module")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        yield server


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> StackSettings:
    return stack_settings(tmp_path_factory.mktemp("flink"))


@pytest.fixture(scope="module")
def cluster(settings: StackSettings, kafka: Broker) -> Iterator[Flink]:
    """A JobManager and a TaskManager, each with the jobs' user and password in its environment."""
    told = kafka.environment(JOBS)
    own = {name: told[name] for name in ("OVATION_KAFKA_USERNAME", "OVATION_KAFKA_PASSWORD")}
    settings.paths.logs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stopping:
        # Python workers that lost their TaskManager would wait for it.
        stopping.callback(lambda: end(marked(settings.data_dir)))
        for part in (zookeeper.part(settings), flink.jobmanager(settings), flink.taskmanager(settings, "taskmanager")):
            part.prepare()
            environment = {**added(part, settings), **own}
            process = Process(part.command, part.ready, settings.paths.log(part.name), environment)
            stopping.callback(process.stop, signal.SIGKILL)
            process.start()
        yield Flink(settings.flink_url)


def test_a_deployment_reads_and_writes_as_the_clusters_user(
    cluster: Flink, kafka: Broker, clickhouse: Server, settings: StackSettings
) -> None:
    submit(_addresses(settings, kafka, clickhouse), deployments=[DEPLOYMENT], start_from="none")
    window = {"v": 1, "stream_id": "cup", "region": "r", "edge": "e", "at": 1_763_800_000_000, "counts": {"🔥": 3}}
    write(kafka, GATEWAY, REACTIONS.name, json.dumps(window).encode())
    write(kafka, GATEWAY, REACTIONS.name, b"no record")
    client = clickhouse.client()
    with closing(client):
        asked = "SELECT sum(reactions) FROM ovation.reactions WHERE stream_id = 'cup'"
        until(lambda: client.query(asked).result_rows == [(3,)], DEADLINE_S, "the window is in ClickHouse")
    assert read(kafka, OPERATOR, DEAD_LETTERS.name)
    until(lambda: _is_committed(kafka), DEADLINE_S, "the jobs' user has committed what was read")

    shown = Shown(settings.flink_url)
    assert shown.with_any(SECRETS) == []
    for path in MUST:
        assert any(path in each for each in shown.answers), f"{path} was not answered"
    for folder in (settings.data_dir / "flink", settings.paths.logs):
        found, looked = files_with_any(SECRETS, folder)
        assert found == [] and looked > 1, folder
    # What a job carries is there to be found: where its password is.
    assert files_with_any({"${env:OVATION_KAFKA_PASSWORD}"}, settings.data_dir / "flink" / "recovery")[0]

    # Beam would write a TaskManager's environment when a worker ends (flink-conf/logging.properties).
    cancel_all(_addresses(settings, kafka, clickhouse), deployments=[DEPLOYMENT])
    assert WORKER_ENDED in settings.paths.log("taskmanager").read_text(encoding="utf-8")
    assert files_with_any(SECRETS, settings.paths.logs)[0] == []


def _addresses(settings: StackSettings, kafka: Broker, clickhouse: Server) -> Addresses:
    login = kafka.login(OPERATOR)
    return Addresses.model_validate(
        {
            "kafka_bootstrap": kafka.bootstrap,
            "kafka_security": login.security,
            "kafka_username": login.username,
            "kafka_password": login.password,
            "clickhouse_url": clickhouse.url,
            "flink_url": settings.flink_url,
        }
    )


def _is_committed(kafka: Broker) -> bool:
    group = consumer_group(DEPLOYMENT.job, DEPLOYMENT.sink)
    places = [TopicPartition(REACTIONS.name, number) for number in range(REACTIONS.partitions)]
    told = kafka.login(OPERATOR).kafka_python()
    with closing(KafkaAdminClient(bootstrap_servers=kafka.bootstrap, **told)) as admin:
        committed: dict[TopicPartition, Any] = admin.list_group_offsets({group: places})[group]
    positions = [int(each.offset) for each in committed.values()]
    return sum(position for position in positions if position > 0) >= 2
