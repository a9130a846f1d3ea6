"""Edges: gateways that know Kafka and Redis alone, behind a load balancer, which come and go under a crowd."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from secrets import token_hex

import aiohttp
import pytest

from local.processes import PROC
from ovation.client import connect
from ovation.client.gateway import GatewayClient
from ovation.client.patience import insist
from tests.gateway import kafka_log
from tests.gateway.api import Api
from tests.gateway.nginx_in_front import In, needs_nginx, nginx_in
from tests.gateway.processes import API_KEY, Process, gateway

PATIENCE_S = 30
LOST_S = 0.15
"""From taking a tap to Kafka's having it: a flush and some, on a machine that is busy."""
VIEWERS, SOCKETS = 20, 6


@pytest.fixture
def edges(bootstrap: str, redis_url: str, folder: Path) -> Iterator[list[tuple[Process, str]]]:
    """Yield three of them."""
    found = [gateway(bootstrap, redis_url, folder, clickhouse_url="", edge=f"edge-{number}") for number in range(3)]
    for process, _ in found:
        process.start()
    yield found
    for process, _ in found:
        process.stop()


@pytest.fixture(scope="module")
def edge_url(bootstrap: str, redis_url: str, folder: Path) -> Iterator[str]:
    """Yield one that stays."""
    process, url = gateway(bootstrap, redis_url, folder, clickhouse_url="", edge="an-edge")
    process.start()
    yield url
    assert process.stop() == 0


@pytest.fixture
def edge(session: aiohttp.ClientSession, edge_url: str) -> Api:
    return Api(session, edge_url)


@pytest.fixture
def in_front_of(tmp_path: Path) -> Iterator[In]:
    with nginx_in(tmp_path) as start:
        yield start


@dataclass
class Crowd:
    """Viewers without a socket, who send each tap under a key until it is answered."""

    url: str
    stream: str
    spans: list[tuple[float, float]] = field(default_factory=list)
    """When each tap that counts was first sent, and when it was answered."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def viewer(self, token: str) -> None:
        async with GatewayClient(self.url) as client:
            while not self.stopping.is_set():
                key, sent_s = token_hex(16), time.monotonic()
                react = partial(client.react, self.stream, token, {"🔥": 1}, idempotency_key=key)
                if (await insist(react, PATIENCE_S)).counted:
                    self.spans.append((sent_s, time.monotonic()))
                await asyncio.sleep(0.02)


async def until_taps(crowd: Crowd, more: int) -> None:
    """Wait until the crowd has had so many more answers."""
    wanted = len(crowd.spans) + more
    async with asyncio.timeout(PATIENCE_S):
        while len(crowd.spans) < wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@needs_nginx
async def test_one_is_killed_and_another_drained_while_a_crowd_taps(
    edges: list[tuple[Process, str]], session: aiohttp.ClientSession, in_front_of: In, bootstrap: str
) -> None:
    apis = [Api(session, url) for _, url in edges]
    stream = await apis[0].stream()
    for api in apis:
        await api.until_known(stream)
    token, *tokens = [await apis[0].token(stream, f"viewer-{number}") for number in range(1 + VIEWERS)]
    front = in_front_of([url for _, url in edges], "edges")
    crowd = Crowd(front, stream)
    sockets = [connect(stream, token, urls=[front]) for _ in range(SOCKETS)]
    async with asyncio.TaskGroup() as tasks:
        for each in tokens:
            tasks.create_task(crowd.viewer(each))
        for live in sockets:
            await live.__aenter__()
            await live.ready()
        await until_taps(crowd, 500)
        killed_s = time.monotonic()
        edges[0][0].stop(signal.SIGKILL)
        await until_taps(crowd, 500)
        assert edges[1][0].stop(signal.SIGTERM) == 0
        await until_taps(crowd, 500)
        # Two are gone. Every socket came back to the third one, and there is nothing that ties it to an edge.
        for live in sockets:
            await asyncio.wait_for(live.react({"🔥": 1}), PATIENCE_S)
        for live in sockets:
            await live.__aexit__(None, None, None)
        crowd.stopping.set()
    answered = len(crowd.spans) + SOCKETS
    # Answered by the one that was killed within a flush of its end, or under way then: what it had promised by then is
    # what the next one answers.
    in_doubt = sum(ended_s >= killed_s - LOST_S and sent_s <= killed_s + LOST_S for sent_s, ended_s in crowd.spans)
    # Each gateway has handed over what it holds once it has ended.
    assert edges[2][0].stop() == 0
    counted = (await asyncio.to_thread(kafka_log.taps, bootstrap, stream))["🔥"]
    assert answered - in_doubt <= counted <= answered


async def test_it_takes_and_shows_and_leaves_history_to_others(edge: Api) -> None:
    stream = await edge.stream()
    poll = await edge.poll(stream)
    token = await edge.token(stream)
    assert (await edge.react(stream, token, {"🔥": 3})).status == 202
    voted = await edge.vote(stream, poll, token, ["1"])
    assert voted.status == 202
    assert (await edge.call("GET", f"/v1/streams/{stream}/live", token=None)).status == 200
    ready = await edge.call("GET", "/readyz", token=None)
    assert (ready.body["status"], set(ready.body["parts"])) == ("ready", {"kafka", "control", "redis"})
    for path in (f"/v1/receipts/{voted.body['receipt']}", f"/v1/streams/{stream}/history/reactions"):
        refused = await edge.call("GET", path, token=API_KEY)
        assert (refused.status, refused.problem) == (503, "history-unreachable"), path
        assert "edge" in refused.body["detail"]
    assert (await edge.step(stream, poll, "close")).status == 200
    stats = await edge.call("GET", f"/v1/streams/{stream}/stats")
    assert (stats.status, stats.body["recounts"]) == (200, [])


@needs_nginx
async def test_history_is_asked_where_it_is(
    session: aiohttp.ClientSession, edge: Api, api: Api, in_front_of: In
) -> None:
    stream = await api.stream()
    poll = await api.poll(stream)
    await edge.until_known(stream, poll)
    token = await api.token(stream)
    through = Api(session, in_front_of([edge.url], "core", [api.url]))
    receipt = (await through.vote(stream, poll, token, ["1"])).body["receipt"]
    # There is no ClickHouse here, so the core says that it does not answer; an edge would say that it has none.
    for path in (
        f"/v1/receipts/{receipt}",
        f"/v1/streams/{stream}/history/reactions",
        f"/v1/streams/{stream}/history/exports/reactions",
    ):
        refused = await through.call("GET", path, token=API_KEY)
        assert (refused.problem, "edge" in refused.body["detail"]) == ("history-unreachable", False), path


@pytest.mark.skipif(not PROC.is_dir(), reason="there is no /proc here")
def test_it_loads_no_client_of_a_store_that_it_has_not() -> None:
    """It would take a fifth of a second of its start."""
    look = "import gateway.app, sys; print({'clickhouse_connect', 'aiohttp'} & sys.modules.keys())"
    assert subprocess.check_output([sys.executable, "-c", look], text=True) == "set()\n"


def test_it_starts_within_two_seconds(bootstrap: str, redis_url: str, folder: Path) -> None:
    """Of a processor's time, the best of three: other tests may want the cores and their caches meanwhile."""
    best_s = min(start_of_an_edge(bootstrap, redis_url, folder) for _ in range(3))
    assert best_s < 2


def start_of_an_edge(bootstrap: str, redis_url: str, folder: Path) -> float:
    """Start an edge and end it; return the seconds that it worked until it was ready."""
    process, _ = gateway(bootstrap, redis_url, folder, clickhouse_url="")
    began = time.monotonic()
    process.start()
    took_s = time.monotonic() - began
    assert process.popen is not None
    ticks = (PROC / str(process.popen.pid) / "stat").read_text().rpartition(")")[2].split()[11:13]
    cpu_s = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    assert process.stop() == 0
    print(f"an edge is ready after {took_s:.2f} s, of which it worked for {cpu_s:.2f} s")
    return cpu_s
