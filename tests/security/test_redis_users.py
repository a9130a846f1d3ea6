"""Redis with a user for each program (docs/redis/users.acl): each may do what it does, and no more."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pandas as pd
import pytest
import redis
from pydantic import SecretStr

from jobs.settings import JobSettings
from jobs.sinks.redis_reactions import ReactionsWriter
from local import ready
from local.paths import CHECKOUT
from local.ports import free_ports
from local.redis import find_server
from tests.compose import SERVICES
from tests.gateway.api import Api
from tests.gateway.processes import Process, gateway
from tests.gateway.tabs import welcomed
from tests.security.conftest import NO_LIMITS

USERS = (CHECKOUT / "docs" / "redis" / "users.acl").read_text()
WORDS = {"gateway": "GATEWAY_PASSWORD", "jobs": "JOBS_PASSWORD", "operator": "OPERATOR_PASSWORD"}


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    port = free_ports(1)[0]
    users = folder / "users.acl"
    users.write_text(USERS)
    words = (find_server(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--aclfile", str(users))
    process = Process(words, lambda: ready.accepts(port), folder / "redis-with-users.log")
    process.start()
    yield port
    process.stop(signal.SIGKILL)


def url(user: str, port: int) -> str:
    return f"redis://ovation_{user}:{WORDS[user]}@127.0.0.1:{port}/0"


@pytest.fixture
def operator(port: int) -> Iterator[Any]:
    with redis.Redis.from_url(url("operator", port)) as client:
        client.acl_log_reset()
        yield client


def refused(operator: Any) -> list[tuple[str, str]]:
    """Return whom Redis has refused what."""
    return [(each["username"], each["object"]) for each in operator.acl_log()]


async def test_a_gateway_does_its_work(
    session: aiohttp.ClientSession, bootstrap: str, folder: Path, port: int, operator: Any
) -> None:
    process, address = gateway(bootstrap, url("gateway", port), folder, **NO_LIMITS)
    process.start()
    try:
        api = Api(session, address)
        stream = await api.stream()
        poll = await api.poll(stream, results="after_vote", allow_change=True)
        token = await api.token(stream)
        once = {"idempotency-key": "once"}
        path = f"/v1/streams/{stream}"
        for _ in range(2):
            answer = await api.call("POST", f"{path}/reactions", {"counts": {"🔥": 1}}, token, headers=once)
            assert answer.status == 202
        assert (await api.edit(stream, poll, {"question": "Who else?"})).status == 200
        assert (await api.vote(stream, poll, token, ["1"])).status == 202
        tab = await welcomed(api, stream, token, session="s" * 20)
        await tab.tap(1)
        assert (await tab.answer())["type"] == "ack"
        await tab.socket.close()
        assert (await api.call("GET", f"{path}/live", token=None)).status == 200
        assert (await api.step(stream, poll, "close")).status == 200
    finally:
        assert process.stop() == 0
    assert operator.exists(f"ovation:{{{stream}}}:poll:{poll}")
    assert refused(operator) == []


def test_a_job_does_its_work(port: int, operator: Any) -> None:
    writer = ReactionsWriter(JobSettings(redis_url=SecretStr(url("jobs", port))), totals=True)
    writer.open(None)
    row = ("cup", 1_763_800_000_000, json.dumps({"🔥": 3}))
    assert writer.eval(*(pd.Series([value]) for value in row)).tolist() == [True]
    writer.close()
    assert operator.hgetall("ovation:{cup}:reactions") == {"🔥".encode(): b"3"}
    assert refused(operator) == []


FORBIDDEN = [
    ("FLUSHALL",),
    ("CONFIG", "GET", "*"),
    ("KEYS", "*"),
    ("ACL", "LIST"),
    ("SHUTDOWN",),
    ("MONITOR",),
    ("SET", "another", "1"),
    ("GET", "another"),
    ("PUBLISH", "another", "1"),
    ("MODULE", "LIST"),
]


@pytest.mark.parametrize("user", ["gateway", "jobs"])
@pytest.mark.parametrize("words", FORBIDDEN, ids=" ".join)
def test_neither_may_do_anything_else(port: int, user: str, words: tuple[str, ...]) -> None:
    with redis.Redis.from_url(url(user, port)) as client, pytest.raises(redis.exceptions.NoPermissionError):
        client.execute_command(*words)


def test_who_names_no_user_may_only_ask_whether_it_is_up(port: int) -> None:
    with redis.Redis(port=port, lib_name=None, lib_version=None) as client:
        assert client.ping()
        with pytest.raises(redis.exceptions.NoPermissionError):
            client.get("ovation:{cup}:reactions")
    wrong = redis.Redis.from_url(f"redis://ovation_jobs:wrong@127.0.0.1:{port}/0")
    with wrong as client, pytest.raises(redis.exceptions.AuthenticationError):
        client.ping()


def test_compose_starts_redis_with_these_users_and_its_passwords(tmp_path: Path) -> None:
    service = SERVICES["redis"]
    assert "./docs/redis/users.acl:/etc/ovation-users.acl:ro" in service["volumes"]
    shell, option, script = service["command"]
    script = script.replace("$$", "$").replace("/etc/ovation-users.acl", str(CHECKOUT / "docs" / "redis" / "users.acl"))
    made = tmp_path / "users.acl"
    for name, body in {"chown": "true", "docker-entrypoint.sh": 'cat "$3"; env'}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    passwords = {name: f"pass-{user}" for user, name in WORDS.items()}
    assert service["environment"].keys() == passwords.keys()
    done = subprocess.run(
        [shell, option, script.replace("/tmp/users.acl", str(made))],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", **passwords},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = USERS
    for name, password in passwords.items():
        expected = expected.replace(name, password)
    assert done.stdout.startswith(expected)
    assert "pass-" not in done.stdout.removeprefix(expected), "a password is left in the environment"
    assert made.stat().st_mode & 0o077 == 0
