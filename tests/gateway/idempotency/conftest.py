"""Gateways of which only `OnceOnly` is there, against a real Redis; what their writes do is counted."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from redis.asyncio import Redis
from starlette.requests import Request
from starlette.responses import Response

from contracts import redis_keys
from gateway.idempotency.once import OnceOnly
from gateway.idempotency.write import write_of
from gateway.lean import json_response, problem_response
from gateway.refusal import Refused

SECRET = "s" * 40
CALLER = "viewer cup anna"

Work = Callable[[Request], Awaitable[Response]]


class Gateway:
    """One gateway, and what its writes did."""

    def __init__(self, url: str) -> None:
        self.once = OnceOnly(url, SECRET)
        self.done: list[Any] = []

    async def work(self, request: Request) -> Response:
        """Done at once, and answered with its number."""
        self.done.append(await request.json())
        return json_response({"done": len(self.done)}, 201, {"location": "/v1/here"})

    async def call(
        self, key: str = "k", body: object = 1, work: Work | None = None, caller: str = CALLER, **options: Any
    ) -> tuple[int, Any]:
        """Return status and body, or the name of the problem."""
        scope = {"type": "http", "method": "POST", "path": "/v1/x", "query_string": b"", "headers": []}
        raw = json.dumps(body).encode()
        options = {"repeatable": False, **options}
        try:
            response = await self.once.answer(scope, raw, caller, key.encode(), work or self.work, **options)
        except Refused as refused:
            response = problem_response(refused)
        self.response = response
        answer = json.loads(bytes(response.body))
        return response.status_code, answer["type"].removeprefix("/problems/") if "type" in answer else answer


class Taps(Gateway):
    """A gateway that counts taps, and may die or lose Redis in between."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.before = self.after = self._nothing

    async def work(self, request: Request) -> Response:
        response = json_response({"counted": 1}, 202)
        write = write_of(request)
        assert write is not None
        await self.before()
        await write.answer_first(response)
        await self.after()
        self.done.append(1)
        return response

    async def _nothing(self) -> None:
        return None


@pytest.fixture
async def gateways(redis_url: str) -> AsyncIterator[tuple[Gateway, Gateway]]:
    redis = Redis.from_url(redis_url)
    await redis.flushdb()
    gateways = Gateway(redis_url), Gateway(redis_url)
    yield gateways
    for gateway in gateways:
        await gateway.once.close()
    await redis.aclose()


@pytest.fixture
async def counters(redis_url: str, gateways: object) -> AsyncIterator[tuple[Taps, Taps]]:
    counters = Taps(redis_url), Taps(redis_url)
    yield counters
    for each in counters:
        await each.once.close()


async def answer_in_time(call: Callable[[], Awaitable[tuple[int, Any]]], not_yet: set[int]) -> tuple[int, Any]:
    """Call until the status is another."""
    async with asyncio.timeout(10):
        while (answer := await call())[0] in not_yet:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return answer


async def records(redis_url: str) -> dict[bytes, tuple[bytes, int]]:
    redis = Redis.from_url(redis_url)
    names = await redis.keys(redis_keys.idempotency("*"))
    found = {name: (await redis.get(name), await redis.pttl(name)) for name in names}
    await redis.aclose()
    return found
