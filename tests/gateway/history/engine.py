"""A real engine with the project's tables."""

from collections.abc import Iterator

import pytest

from ovation.migrations import migrate
from tests.sql.server import MIGRATIONS, Server, running


@pytest.fixture(scope="module")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        yield server
