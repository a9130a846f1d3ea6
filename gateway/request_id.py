"""The id of a request: what a caller, the gateway's answer and its log call the same request by.

A well-formed `X-Request-Id` of the caller's (or of the proxy's in front) is taken, else one is made. An id means
nothing to the gateway: it is no key, and nothing is looked up by it.
"""

import re
import time
from collections.abc import Iterable
from contextvars import ContextVar
from secrets import token_hex

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-request-id"
FIELD = "request_id"
"""Its name in problems and in lines of the log."""

_HEADER = HEADER.encode()
_LOGGED = "/v1/"
"""The rest are pages, and what asks every second whether the gateway is well."""
_WELL_FORMED = re.compile(rb"[A-Za-z0-9._:=+/-]{1,128}")
_ANSWERS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})

_current: ContextVar[str | None] = ContextVar("request_id", default=None)

log = structlog.get_logger(__name__)


def current() -> str | None:
    """Return the id of the request that this runs for, or None where there is none."""
    return _current.get()


def id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the id that a request's headers say, or a new one. Names of headers are in lower case."""
    for name, value in headers:
        if name == _HEADER and _WELL_FORMED.fullmatch(value):
            return value.decode()
    return token_hex(16)


def add_to_log(_logger: object, _method: str, line: structlog.types.EventDict) -> structlog.types.EventDict:
    """Add the id to a line of the log, as a processor of structlog's."""
    if (request_id := _current.get()) is not None:
        line[FIELD] = request_id
    return line


class RequestIds:
    """The outermost of the application: what runs within has an id, and the answer says it.

    With `log_requests`, a line says of each request below `/v1/` what was asked by its route, and how it was answered.
    A viewer's id, a receipt and a query are never in it: they are not part of a route.
    """

    def __init__(self, app: ASGIApp, *, log_requests: bool = False) -> None:
        self._app = app
        self._log_requests = log_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = id_of(scope["headers"])
        header = (_HEADER, request_id.encode())
        began, status = time.perf_counter(), None

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] in _ANSWERS:
                status = message.get("status", 101)
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        token = _current.set(request_id)
        try:
            await self._app(scope, receive, answer)
        finally:
            if self._log_requests and scope["path"].startswith(_LOGGED):
                _log_answer(scope, status, time.perf_counter() - began)
            _current.reset(token)


def _log_answer(scope: Scope, status: int | None, seconds: float) -> None:
    log.info(
        "answered",
        method=scope.get("method", "GET"),
        route=getattr(scope.get("route"), "path", None),
        stream_id=scope.get("path_params", {}).get("stream"),
        status=status,
        ms=round(seconds * 1000, 1),
    )
