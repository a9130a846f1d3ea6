from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from local.ports import free_ports
from local.redis import part
from local.running import running
from local.settings import StackSettings


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("redis")
    settings = StackSettings(data_dir=folder, redis_port=free_ports(1)[0])
    with running(part(settings), settings):
        yield settings.redis_url


@pytest.fixture
def store(redis_url: str) -> Iterator[Any]:
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        client.flushall()
        yield client
