from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from contracts.redis_cluster import aio
from tests.redis_cluster import Cluster, three_masters


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with three_masters(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
async def redis(cluster: Cluster) -> AsyncIterator[Redis]:
    async with aio.connect(cluster.url, timeout_s=1) as redis:
        yield redis
