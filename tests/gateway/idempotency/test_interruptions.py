"""What is left when a write breaks off, its gateway dies, or Redis hangs."""

import asyncio
import signal

import pytest
from starlette.requests import Request
from starlette.responses import Response

from gateway.idempotency import once
from gateway.idempotency.write import new_id, new_secret
from gateway.lean import json_response
from tests.gateway.idempotency.conftest import Gateway, answer_in_time
from tests.gateway.processes import Process


@pytest.mark.parametrize("how", ["fails", "is cancelled"])
async def test_a_write_that_breaks_off_is_done_again(how: str, gateways: tuple[Gateway, Gateway]) -> None:
    one, two = gateways
    running = asyncio.Event()

    async def broken(request: Request) -> Response:
        if how == "fails":
            raise ZeroDivisionError
        running.set()
        return await asyncio.Future()

    call = asyncio.create_task(one.call(work=broken))
    if how == "is cancelled":
        await running.wait()
        call.cancel()
    with pytest.raises((ZeroDivisionError, asyncio.CancelledError)):
        await call
    assert await answer_in_time(two.call, {409}) == (201, {"done": 1})


async def test_a_gateway_that_dies_leaves_a_claim_that_ends(
    gateways: tuple[Gateway, Gateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it made is found by the ids that a repetition derives again."""
    one, two = gateways
    monkeypatch.setattr(once, "CLAIM_MS", 100)
    made = []
    begun = asyncio.Event()

    async def make(request: Request) -> Response:
        made.append((new_id(request, 16), new_secret(request)))
        begun.set()
        if len(made) == 1:
            return await asyncio.Future()
        return json_response({}, 201)

    dying = asyncio.create_task(one.call(work=make))
    await begun.wait()
    assert await answer_in_time(lambda: two.call(work=make), {409}) == (201, {})
    assert made[0] == made[1]
    assert len(made[0][0]) == 16
    await one.call(work=make, key="other")
    assert made[0] != made[2]
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)


async def test_who_lost_the_claim_does_not_overwrite_the_answer(
    gateways: tuple[Gateway, Gateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = gateways
    monkeypatch.setattr(once, "CLAIM_MS", 50)
    running, may_end = asyncio.Event(), asyncio.Event()

    async def slow(request: Request) -> Response:
        running.set()
        await may_end.wait()
        return json_response({"slow": True})

    first = asyncio.create_task(one.call(work=slow))
    await running.wait()
    assert await answer_in_time(two.call, {409}) == (201, {"done": 1})
    may_end.set()
    assert await first == (200, {"slow": True})
    assert await one.call() == await two.call() == (201, {"done": 1})


async def test_without_redis_nothing_is_done_but_what_may_be_done_twice(
    gateways: tuple[Gateway, Gateway], redis_server: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = gateways
    await one.call()
    redis_server.send(signal.SIGSTOP)
    try:
        assert await one.call(key="new") == (503, "idempotency-unavailable")
        assert one.response.headers["retry-after"] == "1"
        assert await one.call(key="new", repeatable=True) == (201, {"done": 2})
        # Redis is known to be away: nobody waits for it now.
        async with asyncio.timeout(0.1):
            assert await one.call(key="vote", repeatable=True) == (201, {"done": 3})
    finally:
        redis_server.send(signal.SIGCONT)
    assert await answer_in_time(lambda: two.call(key="new"), {409, 503}) == (201, {"done": 1})
