"""One engine for the whole folder, with the migrations applied and the made-up evening in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from ovation.migrations import migrate
from tests.sql import crowd
from tests.sql.server import MIGRATIONS, Server, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        client = server.client()
        crowd.insert_all(client)
        client.close()
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Any]:
    client = server.client()
    yield client
    client.close()
