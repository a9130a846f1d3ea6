"""A store with a password: the job is submitted with it, none travels, and the worker has it from its environment."""

import json
import subprocess
from collections.abc import Iterator

import pytest
import redis
from pydantic import SecretStr
from pyflink.table import TableEnvironment

from contracts import redis_keys
from jobs.environment import create_environment
from jobs.settings import JobSettings
from jobs.sinks.redis_reactions import reactions_writer
from local.ports import free_ports
from local.redis import find_server

PASSWORD = "the-password-of-redis"


@pytest.fixture
def url() -> Iterator[str]:
    port = free_ports(1)[0]
    words = [find_server(), "--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", ""]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as server:
        yield f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
        server.terminate()


@pytest.fixture
def env(url: str, monkeypatch: pytest.MonkeyPatch) -> TableEnvironment:
    # Before the JVM: its workers have its environment, as those of a TaskManager have the TaskManager's.
    monkeypatch.setenv("OVATION_REDIS_URL", url)
    return create_environment("test", "redis", JobSettings())


@pytest.mark.flink
def test_a_worker_writes_with_the_password_of_its_own_environment(env: TableEnvironment, url: str) -> None:
    settings = JobSettings(redis_url=SecretStr(url))
    env.create_temporary_system_function("write_totals", reactions_writer(settings, totals=True))
    rows = env.from_elements(
        [("cup", 1_763_800_000_000, json.dumps({"🔥": 3}))], ["stream_id", "start_ms", "reactions"]
    )
    env.create_temporary_view("sums", rows)
    query = env.sql_query("SELECT write_totals(stream_id, start_ms, reactions) FROM sums")
    assert PASSWORD not in query.explain()
    with query.execute().collect() as written:
        assert [row[0] for row in written] == [True]
    with redis.Redis.from_url(url) as client:
        assert client.hgetall(redis_keys.reactions("cup")) == {"🔥".encode(): b"3"}
