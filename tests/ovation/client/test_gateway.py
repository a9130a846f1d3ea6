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


VOTES = "/v1/streams/{stream}/polls/{poll}/votes"


async def test_a_vote_goes_out_with_its_key_and_is_taken_back_at_the_same_place() -> None:
    seen: list[tuple[str, str | None]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.method, request.headers.get("Idempotency-Key")))
        assert request.method == "DELETE" or await request.json() == {"choices": ["1"]}
        return web.json_response({"receipt": "R"}, status=202)

    async with gateway(VOTES, answer) as server, client(str(server.make_url(""))) as gate:
        assert await gate.vote("s", "token", "p", ["1"], "key-1") == "R"
        assert await gate.vote("s", "token", "p", ["1"]) == "R"
        assert await gate.withdraw("s", "token", "p", "key-2") == "R"
    assert seen == [("POST", "key-1"), ("POST", None), ("DELETE", "key-2")]


async def test_a_withdrawal_whose_connection_breaks_is_sent_once() -> None:
    arrived = 0

    async def take_one(request: web.Request) -> web.Response:
        nonlocal arrived
        arrived += 1
        if arrived > 1:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"receipt": "r"}, status=202)

    async with gateway("/v1/streams/s/polls/p/votes", take_one) as server, client(str(server.make_url(""))) as gate:
        await gate.withdraw("s", "token", "p")
        with pytest.raises(UnansweredError):
            await gate.withdraw("s", "token", "p")
    assert arrived == 2


async def test_a_vote_that_is_counted_as_late_has_a_receipt() -> None:
    async def refuse(request: web.Request) -> web.Response:
        body = {"type": "/problems/late-vote", "status": 409, "detail": "It is closed.", "receipt": "R"}
        return web.json_response(body, status=409, content_type="application/problem+json")

    async with gateway(VOTES, refuse) as server, client(str(server.make_url(""))) as gate:
        with pytest.raises(ProblemError) as caught:
            await gate.vote("s", "token", "p", ["1"])
    assert (caught.value.receipt, caught.value.is_temporary, caught.value.nothing_done) == ("R", False, False)


async def test_a_broadcaster_s_call_is_repeated_with_its_key_until_it_is_answered() -> None:
    keys: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            assert request.transport is not None
            request.transport.abort()
        elif len(keys) == 2:
            body = {"type": "/problems/rate-limited", "detail": "Later."}
            return web.json_response(body, status=429, headers={"Retry-After": "0"})
        return web.json_response({"stream_id": "s"}, status=201)

    async with gateway("/v1/streams", answer) as server, client(str(server.make_url(""))) as gate:
        assert await gate.open_stream("Title", ["🔥"]) == "s"
    assert len(keys) == 3
    assert len(set(keys)) == 1
