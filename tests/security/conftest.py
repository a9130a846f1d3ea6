"""A gateway beside the real broker and Redis, without limits of its callers: only what a test is about refuses."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from contracts.kafka_rights import OPERATOR
from ovation.kafka_grants import grant_rights
from ovation.topics import create_topics
from tests.gateway.api import Api
from tests.gateway.conftest import bootstrap, broker, folder, redis_server, redis_url, session, stack
from tests.gateway.processes import Process, gateway
from tests.security.kafka_with_users import Broker, kafka_with_users

__all__ = ["bootstrap", "broker", "folder", "redis_server", "redis_url", "session", "stack"]

NO_LIMITS = {
    "limit_address_per_s": 0,
    "limit_viewer_requests_per_s": 0,
    "limit_stream_per_s": 0,
    "limit_api_key_per_s": 0,
}
SLOW_REQUEST_S = 1.5


@pytest.fixture(scope="session")
def process(bootstrap: str, redis_url: str, folder: Path) -> Iterator[tuple[Process, str]]:
    process, url = gateway(bootstrap, redis_url, folder, slow_request_s=SLOW_REQUEST_S, **NO_LIMITS)
    process.start()
    yield process, url
    assert process.stop() == 0


@pytest.fixture
async def api(session: aiohttp.ClientSession, process: tuple[Process, str]) -> AsyncIterator[Api]:
    yield Api(session, process[1])


@pytest.fixture
def pid(process: tuple[Process, str]) -> int:
    assert process[0].popen is not None
    return process[0].popen.pid


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with kafka_with_users(tmp_path_factory.mktemp("kafka")) as broker:
        operator = broker.login(OPERATOR)
        create_topics(broker.bootstrap, login=operator)
        grant_rights(broker.bootstrap, operator)
        yield broker
