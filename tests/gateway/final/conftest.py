from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from gateway.history.client import History
from tests.gateway.final.stores import clickhouse, engine
from tests.sql.server import Server

__all__ = ["clickhouse", "engine"]


@pytest.fixture
async def history(engine: Server) -> AsyncIterator[History]:
    history = History(engine.url, "default", "")
    yield history
    await history.close()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A database in which no other test's gateway looks."""
    redis = Redis.from_url(redis_url, db=3)
    yield redis
    await redis.aclose()
