"""What a single server answers, to hold a cluster against."""

from collections.abc import Iterator
from typing import Any

import pytest

from ovation.migrations import migrate
from tests.sql import crowd
from tests.sql.server import MIGRATIONS, running


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with running(tmp_path_factory.mktemp("single")) as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        client = server.client()
        crowd.insert_all(client)
        yield client
        client.close()
