"""The nginx of `docs/nginx` in front of real gateways."""

import asyncio
import http.server
import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from redis.asyncio import Redis

from bench.last_mile.pollers import poll
from bench.last_mile.publisher import Publisher
from bench.pollers import GRANULARITY_S, asked
from contracts import redis_keys
from gateway.page_files import VERSION
from tests.gateway.api import Api
from tests.gateway.nginx_in_front import In, needs_nginx, nginx_in
from tests.gateway.processes import gateway
from tests.gateway.routes.test_live import next_of, reactions, watch

pytestmark = needs_nginx


@pytest.fixture
def in_front_of(tmp_path: Path) -> Iterator[In]:
    with nginx_in(tmp_path) as start:
        yield start


@pytest.fixture
def front(in_front_of: In, three_urls: list[str]) -> str:
    return in_front_of(three_urls, "nginx")


async def test_a_crowd_of_pollers_is_one_request_a_second(
    front: str, three: list[Api], redis_url: str, tmp_path: Path
) -> None:
    stream, seconds = await three[0].stream(), 5
    for each in three:
        await each.until_known(stream)
    publisher = await Publisher.of(redis_url, stream)
    publishing = asyncio.create_task(publisher.run(20, seconds + 1))
    path = f"/v1/streams/{stream}/live"
    polled = await poll(("127.0.0.1", int(front.rpartition(":")[2])), path, 200, seconds)
    sent = await publishing
    await publisher.close()
    assert set(polled.statuses) <= {200, 304}
    assert polled.statuses.total() > 500
    assert len({number for _, number in polled.shown}) > 1
    # nginx keeps a snapshot for one to two seconds. The first moment is another: there is nothing yet to keep.
    assert asked(tmp_path / "nginx", path).total() <= seconds + 2
    assert polled.hit_share > 0.95
    assert polled.promised_s == 3
    assert (polled.ages(sent).summary().max or 0) <= (polled.promised_s + GRANULARITY_S) * 1000


async def test_sockets_pass(session: aiohttp.ClientSession, front: str, three: list[Api], redis_url: str) -> None:
    stream = await three[0].stream()
    token = await three[0].token(stream)
    for each in three:
        await each.until_known(stream)
    through = Api(session, front)
    redis: Redis = Redis.from_url(redis_url)
    for _ in range(3):  # Each comes out at another gateway.
        ws = await watch(through, stream, token)
        assert json.loads((await ws.receive()).data)["type"] == "snapshot"
        await redis.publish(redis_keys.live(stream), reactions(stream, 5))
        await ws.send_json({"type": "ping", "id": 1})
        assert (await next_of(ws, "ack"))["id"] == 1
        await ws.close()
    await redis.aclose()


async def test_a_page_of_its_own_may_open_a_socket(
    session: aiohttp.ClientSession, front: str, three: list[Api]
) -> None:
    stream = await three[0].stream()
    token = await three[0].token(stream)
    for each in three:
        await each.until_known(stream)
    through = Api(session, front)
    # A browser names the port, too, where it is not that of the scheme.
    ws = await watch(through, stream, token, headers={"origin": front})
    assert json.loads((await ws.receive()).data)["type"] == "snapshot"
    await ws.close()
    for origin in ("https://evil.example", front.rpartition(":")[0], f"{front}0"):
        ws = await watch(through, stream, token, headers={"origin": origin})
        message = await ws.receive()
        assert (message.data, message.extra) == (4403, "foreign-origin")


async def test_events_pass_as_they_come(
    session: aiohttp.ClientSession, front: str, three: list[Api], redis_url: str
) -> None:
    stream = await three[0].stream()
    for each in three:
        await each.until_known(stream)
    publisher = await Publisher.of(redis_url, stream)
    async with asyncio.timeout(10), session.get(f"{front}/v1/streams/{stream}/events") as response:
        assert response.status == 200
        shown = 0
        while shown < 3:  # Each is published only once the one before has come.
            line = await response.content.readline()
            assert line
            if line.startswith(b"data:") and b'"totals"' in line:
                shown += 1
                await publisher.run(100, 0.01)
    await publisher.close()


async def test_nothing_but_pages_and_the_api_is_passed(session: aiohttp.ClientSession, front: str) -> None:
    through = Api(session, front)
    for path in ("/watch/cup", "/overlay/cup", "/studio/cup/history", "/problems", "/openapi.json"):
        assert (await through.call("GET", path, token=None)).status == 200, path
    for path in ("/metrics", "/readyz", "/livez", "/watch/../metrics", "/v1/../metrics", "//metrics"):
        assert (await through.call("GET", path, token=None)).status in (400, 404), path


async def test_no_query_asks_past_the_cache(session: aiohttp.ClientSession, front: str, three: list[Api]) -> None:
    stream = await three[0].stream()
    for each in three:
        await each.until_known(stream)
    through = Api(session, front)
    kept = [await through.call("GET", f"/v1/streams/{stream}/live?{n}", token=None) for n in range(5)]
    assert [answer.headers["x-cache"] for answer in kept[1:]] == ["HIT"] * 4
    unknown = [await through.call("GET", "/v1/streams/not-yet/live", token=None) for _ in range(3)]
    assert [(answer.problem, answer.headers["x-cache"]) for answer in unknown[1:]] == [("unknown-stream", "HIT")] * 2


class _Older(http.server.BaseHTTPRequestHandler):
    """A gateway of another version: it has none of these files."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("content-length", "0")
        self.send_header("cache-control", "public, max-age=1")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


async def test_a_file_is_had_of_a_gateway_of_its_version(
    session: aiohttp.ClientSession, in_front_of: In, gateway_url: str
) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Older) as older:
        threading.Thread(target=older.serve_forever).start()
        try:
            through = Api(session, in_front_of([f"http://127.0.0.1:{older.server_port}", gateway_url], "mixed"))
            for name in ("watch/watch.js", "watch/watch.css", "parts/base.css", "client/live.js"):
                answer = await through.call("GET", f"/assets/{VERSION}/{name}", token=None)
                assert (answer.status, answer.headers["x-cache"]) == (200, "MISS"), name
                again = await through.call("GET", f"/assets/{VERSION}/{name}", token=None)
                assert (again.body, again.headers["x-cache"]) == (answer.body, "HIT")
        finally:
            older.shutdown()


async def test_callers_cannot_say_who_they_are_and_outlive_their_gateway(
    session: aiohttp.ClientSession, in_front_of: In, api: Api, bootstrap: str, redis_url: str, tmp_path: Path
) -> None:
    stream = await api.stream()
    process, url = gateway(bootstrap, redis_url, tmp_path, limit_address_per_s=5, limit_burst_s=1)
    process.start()
    through = Api(session, in_front_of([url], "alone"))
    forged = [
        await through.call("GET", f"/v1/streams/{stream}", token=None, headers={"x-forwarded-for": f"10.0.0.{n}"})
        for n in range(12)
    ]
    assert "rate-limited" in {answer.problem for answer in forged}
    async with asyncio.timeout(10):
        while (await through.call("GET", f"/v1/streams/{stream}/live", token=None)).status != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    process.stop(signal.SIGKILL)
    async with asyncio.timeout(10):
        while True:
            answer = await through.call("GET", f"/v1/streams/{stream}/live", token=None)
            assert answer.status == 200
            if answer.headers["x-cache"] == "STALE":
                break
            await asyncio.sleep(0.1)
