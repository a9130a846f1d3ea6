"""A Kafka and a Redis for all of them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.last_mile.gateway import kafka_and_redis
from local.settings import StackSettings


@pytest.fixture(scope="package")
def settings() -> Iterator[StackSettings]:
    with tempfile.TemporaryDirectory() as folder, kafka_and_redis(Path(folder)) as settings:
        yield settings
