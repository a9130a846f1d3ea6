from collections.abc import Iterator

import pytest

from tests.redis_cluster import Cluster, three_masters


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with three_masters(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster
