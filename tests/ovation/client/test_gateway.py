import asyncio

import pytest
from aiohttp import web

from local.ports import free_ports
from ovation.client.errors import MalformedAnswerError, NotSentError, ProblemError, UnansweredError
from tests.ovation.client.gateway_stand_in import client, gateway

REACTIONS = "/v1/streams/{stream}/reactions"


async def test_taps_go_out_with_the_token_and_come_back_with_a_window() -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer token"
        assert await request.json() == {"counts": {"🔥": 2}}
        return web.json_response({"counted": 2, "window": 1_000}, status=202)

    async with gateway(REACTIONS, answer) as server, client(str(server.make_url(""))) as gate:
        counted = await gate.react("s", "token", {"🔥": 2})
    assert (counted.counted, counted.window) == (2, 1_000)


async def test_a_problem_has_its_name() -> None:
    async def refuse(request: web.Request) -> web.Response:
        body = {"type": "/problems/closed-poll", "title": "Closed poll", "status": 409, "detail": "It is closed."}
        return web.json_response(body, status=409, content_type="application/problem+json")

    async with gateway(REACTIONS, refuse) as server, client(str(server.make_url(""))) as gate:
        with pytest.raises(ProblemError, match="It is closed") as caught:
            await gate.react("s", "token", {"🔥": 1})
    assert (caught.value.status, caught.value.name) == (409, "closed-poll")


async def test_an_error_page_of_a_proxy_is_a_problem_without_a_name() -> None:
    async def fail(request: web.Request) -> web.Response:
        return web.Response(status=502, text="<html>Bad gateway</html>")

    async with gateway(REACTIONS, fail) as server, client(str(server.make_url(""))) as gate:
        with pytest.raises(ProblemError) as caught:
            await gate.react("s", "token", {"🔥": 1})
    assert caught.value.status == 502


async def test_what_nobody_listens_to_was_not_sent() -> None:
    async with client(f"http://127.0.0.1:{free_ports(1)[0]}") as gate:
        with pytest.raises(NotSentError):
            await gate.react("s", "token", {"🔥": 1})


async def test_a_connection_that_breaks_after_the_request_leaves_it_unanswered() -> None:
    async def hang_up(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        await asyncio.sleep(0)
        return web.Response()

    async with gateway(REACTIONS, hang_up) as server, client(str(server.make_url(""))) as gate:
        with pytest.raises(UnansweredError):
            await gate.react("s", "token", {"🔥": 1})


async def test_an_answer_that_nobody_can_read_is_named() -> None:
    async def babble(request: web.Request) -> web.Response:
        return web.json_response({"counted": "many"}, status=202)

    async with gateway(REACTIONS, babble) as server, client(str(server.make_url(""))) as gate:
        with pytest.raises(MalformedAnswerError, match="counted"):
            await gate.react("s", "token", {"🔥": 1})
