from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from gateway.history.client import History
from gateway.history.standing import Standing, standing_of
from tests.gateway.history.rows import put_voter
from tests.sql.server import Server

pytestmark = pytest.mark.engine

AT = 1_763_800_000_123
ULID = "01KANZ5WRB8N0Q4T7Y2V5K9M3P"


@pytest.fixture
async def history(clickhouse: Server) -> AsyncIterator[History]:
    history = History(clickhouse.url, "default", "")
    yield history
    await history.close()


@pytest.fixture
def client(clickhouse: Server) -> Iterator[Any]:
    client = clickhouse.client()
    yield client
    client.close()


async def test_a_voter_that_the_history_has_not_heard_of(history: History, client: Any) -> None:
    put_voter(client, "cup", "best", "v1", receipt=ULID)
    assert await standing_of(history, "cup", "best", "v2") is None
    assert await standing_of(history, "cup", "other", "v1") is None
    assert await standing_of(history, "other", "best", "v1") is None


async def test_the_newest_row_is_the_truth(history: History, client: Any) -> None:
    put_voter(client, "cup", "newest", "v", outcome="late", at_ms=AT - 5)
    assert await standing_of(history, "cup", "newest", "v") == Standing("", "late", False, AT - 5)
    put_voter(client, "cup", "newest", "v", receipt=ULID, invalid=2, at_ms=AT)
    assert await standing_of(history, "cup", "newest", "v") == Standing(ULID, "counted", True, AT)
