"""A real broker, a real Redis, and a real gateway, each started once."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from contracts import topics
from local import kafka, redis
from local.settings import StackSettings
from tests.gateway.api import Api
from tests.gateway.processes import Process, gateway, running, stack_settings


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gateway")


@pytest.fixture(scope="session")
def stack(folder: Path) -> StackSettings:
    return stack_settings(folder)


@pytest.fixture(scope="session")
def broker(stack: StackSettings, folder: Path) -> Iterator[Process]:
    with running(kafka.part(stack), folder) as process:
        admin = KafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
        admin.create_topics(
            [
                NewTopic(each.name, num_partitions=each.partitions, replication_factor=1, topic_configs=each.config)
                for each in topics.ALL
            ]
        )
        admin.close()
        yield process


@pytest.fixture(scope="session")
def bootstrap(stack: StackSettings, broker: Process) -> str:
    return stack.kafka_bootstrap


@pytest.fixture(scope="session")
def redis_server(stack: StackSettings, folder: Path) -> Iterator[Process]:
    with running(redis.part(stack), folder) as process:
        yield process


@pytest.fixture(scope="session")
def redis_url(stack: StackSettings, redis_server: Process) -> str:
    return stack.redis_url


@pytest.fixture(scope="session")
def gateway_url(bootstrap: str, redis_url: str, folder: Path) -> Iterator[str]:
    process, url = gateway(bootstrap, redis_url, folder)
    process.start()
    yield url
    assert process.stop() == 0


@pytest.fixture(scope="session")
def three_urls(gateway_url: str, bootstrap: str, redis_url: str, folder: Path) -> Iterator[list[str]]:
    """Yield the gateway and two more beside it."""
    others = [gateway(bootstrap, redis_url, folder) for _ in range(2)]
    for process, _ in others:
        process.start()
    yield [gateway_url, *(url for _, url in others)]
    for process, _ in others:
        assert process.stop() == 0


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session


@pytest.fixture
def api(session: aiohttp.ClientSession, gateway_url: str) -> Api:
    return Api(session, gateway_url)


@pytest.fixture
def three(session: aiohttp.ClientSession, three_urls: list[str]) -> list[Api]:
    return [Api(session, url) for url in three_urls]
