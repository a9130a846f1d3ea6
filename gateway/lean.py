"""Routes that FastAPI documents and Starlette runs: the function gets the request and returns the response.

Dependency solving and response models cost more than a tap; bodies here are decoded by msgspec. What every request
meets is met here once: the limit of its address, its Idempotency-Key, and problems.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from contracts.limits import MAX_BODY_BYTES
from gateway import metrics, problems, request_id
from gateway.decoding import T, decode
from gateway.idempotency import key
from gateway.limits.address import host_of
from gateway.refusal import MEDIA_TYPE, Refused
from gateway.routes.access import name_caller
from gateway.services import services_of

Endpoint = Callable[[Request], Awaitable[Response]]

_MAX_BYTES = "ovation.max_bytes"
_LIMITED = "/v1/"
"""The rest is small, static, or must be let in when a storm comes from its own address: health and metrics."""


class LeanRoute(APIRoute):
    """A route as above. `endpoint` may raise Refused.

    `repeatable` is a write that does no harm when it is done twice: it goes on while Idempotency-Keys cannot be
    honoured. A body has at most `max_bytes`.
    """

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        repeatable: bool = False,
        max_bytes: int = MAX_BODY_BYTES,
        **options: Any,
    ) -> None:
        super().__init__(path, endpoint, response_model=None, **options)
        is_write = bool(key.METHODS & (self.methods or set()))
        self.app = _application(
            endpoint, is_write, repeatable, path.startswith(_LIMITED), max_bytes, options.get("tags") == ["viewers"]
        )


def _application(
    endpoint: Endpoint, is_write: bool, repeatable: bool, is_limited: bool, max_bytes: int, of_viewers: bool
) -> ASGIApp:
    def refuse(request: Request, refused: Refused) -> Response:
        if of_viewers and (stream_id := request.path_params.get("stream")):
            services_of(request).refusals.count(stream_id, refused.problem)
        return problem_response(refused)

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refused as refused:
            return refuse(request, refused)

    async def answer_once(request: Request, idempotency_key: bytes) -> Response:
        caller = name_caller(request)
        if caller is None:  # The endpoint says why.
            return await endpoint(request)
        body = await _read(request)
        writes = services_of(request).writes
        return await writes.answer(request.scope, body, caller, idempotency_key, answer, repeatable=repeatable)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        scope[_MAX_BYTES] = max_bytes
        request = Request(scope, receive)
        try:
            if is_limited:
                services_of(request).limits.admit_address(host_of(scope))
            if is_write and (idempotency_key := key.key_of(scope)) is not None:
                response = await answer_once(request, idempotency_key)
            else:
                response = await endpoint(request)
        except Refused as refused:
            response = refuse(request, refused)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    return application


def problem_response(refused: Refused) -> Response:
    """Return the answer to a request that was refused."""
    metrics.REFUSED.labels(refused.problem.name).inc()
    return Response(refused.body(request_id.current()), refused.problem.status, refused.headers(), MEDIA_TYPE)


def json_response(answer: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return `answer` as JSON."""
    return Response(msgspec.json.encode(answer), status, headers, "application/json")


async def read_body(request: Request, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the decoded body, of which no more than the bound is ever held. Raises Refused for a bad one."""
    return decode(await _read(request), decoder)


async def _read(request: Request) -> bytes:
    raw, most = bytearray(), request.scope[_MAX_BYTES]
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > most:
            raise Refused(problems.TOO_LARGE, f"At most {most} bytes are taken.")
    return bytes(raw)
