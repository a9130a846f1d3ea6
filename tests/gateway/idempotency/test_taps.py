"""Taps cannot be counted again: their answer is kept first."""

import asyncio
import json
import signal
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from gateway import problems
from gateway.app import create_app
from gateway.auth import Viewer
from gateway.idempotency import once
from gateway.idempotency.write import Write
from gateway.lean import problem_response
from gateway.refusal import Refused
from gateway.services import Services
from gateway.settings import Settings
from tests.gateway.idempotency.conftest import SECRET, Taps, answer_in_time
from tests.gateway.processes import Process
from tests.gateway.records import stream


async def test_taps_are_counted_once(counters: tuple[Taps, Taps]) -> None:
    one, two = counters
    assert await one.call() == await two.call() == await one.call() == (202, {"counted": 1})
    assert one.done + two.done == [1]


async def test_a_gateway_that_dies_before_it_counts_never_lets_another_count(
    counters: tuple[Taps, Taps], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = counters
    monkeypatch.setattr(once, "DONE_BY_MS", 200)
    answered, never = asyncio.Event(), asyncio.Event()

    async def die() -> None:
        answered.set()
        await never.wait()

    one.after = die
    dying = asyncio.create_task(one.call())
    await answered.wait()
    assert await two.call() == (409, "idempotency-in-progress")
    assert await answer_in_time(two.call, {409}) == (202, {"counted": 1})
    assert one.done + two.done == []
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)


async def test_taps_that_were_refused_after_their_answer_was_kept_count_when_they_come_again(
    counters: tuple[Taps, Taps],
) -> None:
    one, two = counters

    async def full() -> None:
        raise Refused(problems.TOO_MUCH_WAITING)

    one.after = full

    async def answered(request: Request) -> Response:
        try:
            return await one.work(request)
        except Refused as refused:
            return problem_response(refused)

    assert await one.call(work=answered) == (503, "too-much-waiting")
    assert await two.call() == (202, {"counted": 1})
    assert (one.done, two.done) == ([], [1])


async def test_taps_whose_answer_redis_did_not_confirm_are_not_counted_and_count_when_they_come_again(
    counters: tuple[Taps, Taps], redis_server: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis hangs, and does after all what it was told: nobody may be told that these taps are counted."""
    one, two = counters

    async def hang() -> None:
        redis_server.send(signal.SIGSTOP)

    one.before = hang

    async def answered(request: Request) -> Response:
        try:
            return await one.work(request)
        except Refused as refused:
            return problem_response(refused)

    try:
        assert await one.call(work=answered) == (503, "idempotency-unavailable")
    finally:
        redis_server.send(signal.SIGCONT)
    assert one.done == []
    assert await answer_in_time(two.call, {409, 503}) == (202, {"counted": 1})
    assert two.done == [1]


async def test_the_route_keeps_its_answer_before_it_counts(
    counters: object, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: dict[str, Any] = {"api_keys": "k", "token_secret": SECRET, "voter_secret": SECRET, "redis_url": redis_url}
    app = create_app(Settings(**settings))
    services: Services = app.state.services
    services.table.apply(stream(created_at=services.clock()))
    token = services.tokens.write(Viewer("anna", "cup", "viewer", services.clock() // 1000 + 60))
    headers = [(b"authorization", f"Bearer {token}".encode()), (b"idempotency-key", b"k")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/streams/cup/reactions",
        "query_string": b"",
        "headers": headers,
    }
    happened: list[object] = []
    answer_first = Write.answer_first

    async def note(write: Write, response: Response) -> None:
        await answer_first(write, response)
        happened.append("answer kept")

    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps({"counts": {"🔥": 2}}).encode(), "more_body": False}

    async def send(message: Message) -> None:
        happened.append(message.get("status", message.get("body")))

    monkeypatch.setattr(Write, "answer_first", note)
    monkeypatch.setattr(services.taps, "count", lambda taps: happened.append(taps.counts))
    for _ in range(2):
        await app(dict(scope), receive, send)
    await services.writes.close()
    body = happened[3]
    assert happened == ["answer kept", {"🔥": 2}, 202, body, 202, body]
