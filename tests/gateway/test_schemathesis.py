"""The gateway answers as its OpenAPI document says, whatever it is asked, and whoever asks."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from local.ports import free_ports
from tests.gateway import fuzzing
from tests.gateway.api import Api
from tests.gateway.processes import API_KEY, gateway

SECONDS = int(os.environ.get("FUZZ_SECONDS", "0"))
"""Makes each run that long, with other requests every time. Else a run is short, and always the same."""


@pytest.fixture(scope="module")
def url(bootstrap: str, redis_url: str, folder: Path) -> Iterator[str]:
    away = f"http://127.0.0.1:{free_ports(1)[0]}"
    process, url = gateway(bootstrap, redis_url, folder, clickhouse_url=away, limit_viewer_requests_per_s=0)
    process.start()
    yield url
    assert process.stop() == 0


@pytest.fixture(scope="module")
def token(url: str) -> str:
    async def prepare() -> str:
        async with aiohttp.ClientSession() as session:
            return await fuzzing.prepare(Api(session, url))

    return asyncio.run(prepare())


@pytest.mark.timeout(SECONDS + 300)
@pytest.mark.parametrize("caller", ["broadcaster", "viewer"])
def test_every_answer_is_as_described(url: str, token: str, tmp_path: Path, caller: str) -> None:
    """Where an API key or a token will do, the second run has the token."""
    result = fuzzing.run(url, API_KEY if caller == "broadcaster" else token, token, tmp_path, SECONDS)
    assert result.returncode == 0, result.stdout
