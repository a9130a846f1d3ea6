"""Routes that FastAPI documents and Starlette runs: the function gets the request and returns the response.

Dependency solving and response models cost more than a tap; bodies here are decoded by msgspec, and problems are
answered in one place.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from contracts.limits import MAX_BODY_BYTES
from gateway import metrics, problems
from gateway.decoding import T, decode
from gateway.refusal import MEDIA_TYPE, Refused

Endpoint = Callable[[Request], Awaitable[Response]]


class LeanRoute(APIRoute):
    """A route as above. `endpoint` may raise Refused."""

    def __init__(self, path: str, endpoint: Endpoint, **options: Any) -> None:
        super().__init__(path, endpoint, response_model=None, **options)
        self.app = _application(endpoint)


def _application(endpoint: Endpoint) -> ASGIApp:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await endpoint(Request(scope, receive))
        except Refused as refused:
            response = problem_response(refused)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    return application


def problem_response(refused: Refused) -> Response:
    """Return the answer to a request that was refused."""
    metrics.REFUSED.labels(refused.problem.name).inc()
    return Response(refused.body(), refused.problem.status, refused.headers(), MEDIA_TYPE)


def json_response(answer: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return `answer` as JSON."""
    return Response(msgspec.json.encode(answer), status, headers, "application/json")


async def read_body(request: Request, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the decoded body, of which no more than the bound is ever held. Raises Refused for a bad one."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY_BYTES:
            raise Refused(problems.TOO_LARGE, f"At most {MAX_BODY_BYTES} bytes are taken.")
    return decode(raw, decoder)
