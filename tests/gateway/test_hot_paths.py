"""The short way answers as the long way does, also where a route fails."""

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from gateway.hot_paths import HotPaths
from gateway.lean import LeanRoute
from gateway.refusal import MEDIA_TYPE


async def tap(request: Request) -> Response:
    if request.path_params["stream"] == "broken":
        raise ValueError("a fault of ours")
    return Response(request.path_params["stream"], 202)


def scope_of(path: str, method: str = "POST") -> Scope:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
        "root_path": "",
    }


async def answer(app: HotPaths, scope: Scope) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


@pytest.fixture
def app() -> HotPaths:
    route = LeanRoute("/taps/{stream}", tap, methods=["POST"])
    return HotPaths(FastAPI(routes=[route]), [route])


async def test_a_hot_route_gets_its_parameters(app: HotPaths) -> None:
    start, body = await answer(app, scope_of("/taps/cup"))
    assert (start["status"], body["body"]) == (202, b"cup")


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/taps/cup", "GET", 405), ("/taps", "POST", 404), ("/taps/a/b", "POST", 404)]
)
async def test_what_is_not_hot_takes_the_usual_way(app: HotPaths, path: str, method: str, status: int) -> None:
    start, *_ = await answer(app, scope_of(path, method))
    assert start["status"] == status


async def test_a_fault_is_a_problem_without_a_trace(app: HotPaths) -> None:
    start, body = await answer(app, scope_of("/taps/broken"))
    assert start["status"] == 500
    assert dict(start["headers"])[b"content-type"] == MEDIA_TYPE.encode()
    assert b"a fault of ours" not in body["body"]
