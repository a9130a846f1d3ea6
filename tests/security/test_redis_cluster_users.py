"""On a Redis Cluster, too, the users of docs/redis/users.acl may do what their programs do, and no more."""

from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import redis
from pydantic import SecretStr

from contracts.picture.reactions import SCRIPT, StreamCounts, script_call
from contracts.redis_cluster.sync import connect
from jobs.settings import JobSettings
from jobs.sinks.redis_client import ScriptClient
from tests.gateway.api import Api
from tests.gateway.processes import gateway
from tests.gateway.tabs import welcomed
from tests.redis_cluster import Cluster, three_masters
from tests.security.conftest import NO_LIMITS
from tests.security.test_redis_users import USERS, WORDS


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with three_masters(tmp_path_factory.mktemp("cluster")) as cluster:
        for address in cluster.addresses:
            for line in USERS.splitlines():
                word, name, *rules = line.split()
                if (word, name) != ("user", "default"):
                    cluster.at(address).execute_command("ACL", "SETUSER", name, "reset", *rules)
        yield cluster


def url(cluster: Cluster, user: str) -> str:
    return cluster.url.replace("://", f"://ovation_{user}:{WORDS[user]}@")


def refused(cluster: Cluster) -> list[tuple[str, str]]:
    """Return whom any master has refused what."""
    return [
        (each["username"], each["object"]) for address in cluster.addresses for each in cluster.at(address).acl_log()
    ]


async def test_a_gateway_and_a_job_do_their_work(
    session: aiohttp.ClientSession, bootstrap: str, folder: Path, cluster: Cluster
) -> None:
    process, address = gateway(bootstrap, url(cluster, "gateway"), folder, **NO_LIMITS)
    settings = JobSettings(redis_url=SecretStr(url(cluster, "jobs")))
    job = ScriptClient(settings.redis_url.get_secret_value(), SCRIPT)
    process.start()
    try:
        api = Api(session, address)
        for _ in range(4):
            stream = await api.stream()
            poll = await api.poll(stream, allow_change=True)
            token = await api.token(stream)
            once = {"idempotency-key": "once"}
            answer = await api.call(
                "POST", f"/v1/streams/{stream}/reactions", {"counts": {"🔥": 1}}, token, headers=once
            )
            assert answer.status == 202
            assert (await api.vote(stream, poll, token, ["1"])).status == 202
            tab = await welcomed(api, stream, token, session="s" * 20)
            job.run([script_call(stream, StreamCounts(newest=1_000, totals={"🔥": 5}), 1_000)])
            while (await tab.next("reactions"))["totals"] != {"🔥": 5}:
                pass
            await tab.socket.close()
        assert (await api.call("GET", "/readyz")).body["parts"]["redis"] == "up"
        assert refused(cluster) == []
    finally:
        job.close()
        assert process.stop() == 0
    assert refused(cluster) == []


@pytest.mark.parametrize("user", ["gateway", "jobs"])
@pytest.mark.parametrize("words", [("CLUSTER", "RESET"), ("SPUBLISH", "another", "1"), ("SSUBSCRIBE", "another")])
def test_neither_may_do_anything_else(cluster: Cluster, user: str, words: tuple[str, ...]) -> None:
    with connect(url(cluster, user), timeout_s=2) as client, pytest.raises(redis.exceptions.NoPermissionError):
        client.execute_command(words[0], *words[1:])
