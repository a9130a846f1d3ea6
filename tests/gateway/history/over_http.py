"""A gateway beside a real engine, into which a test writes as the jobs do."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.clickhouse.users import READER
from tests.gateway.api import Api
from tests.gateway.processes import gateway
from tests.sql.server import Server


@pytest.fixture(scope="module")
def url(clickhouse: Server, bootstrap: str, redis_url: str, folder: Path) -> Iterator[str]:
    process, url = gateway(bootstrap, redis_url, folder, clickhouse_url=clickhouse.url, clickhouse_user=READER)
    process.start()
    yield url
    assert process.stop() == 0


@pytest.fixture
def api(url: str, session: aiohttp.ClientSession) -> Api:
    return Api(session, url)


@pytest.fixture
async def client(clickhouse: Server) -> AsyncIterator[Any]:
    client = clickhouse.client()
    yield client
    client.close()
