"""The short way for what a crowd storms: taps and votes go from the server straight to their routes.

The layers of FastAPI and Starlette in front of a route cost as much as a vote itself. They catch exceptions and find
the route; both are done here for a handful of routes. Everything else takes the usual way.
"""

from collections.abc import Sequence

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import problems
from gateway.lean import LeanRoute, problem_response
from gateway.refusal import Refused

log = structlog.get_logger(__name__)


class HotPaths:
    """An ASGI application: `app`, of which `routes` are reached without detour."""

    def __init__(self, app: FastAPI, routes: Sequence[LeanRoute]) -> None:
        self._app = app
        self._routes = [(route.path_regex, frozenset(route.methods or ()), route.app) for route in routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope.get("root_path"):
            path, method = scope["path"], scope["method"]
            for regex, methods, application in self._routes:
                if method in methods and (found := regex.match(path)) is not None:
                    scope["app"] = self._app
                    scope["path_params"] = found.groupdict()
                    await _guarded(application, scope, receive, send)
                    return
        await self._app(scope, receive, send)


async def _guarded(application: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run a route; answer 500 where it fails before it has begun to answer."""
    begun = False

    async def watched(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await application(scope, receive, watched)
    except Exception as error:
        log.error("request failed", path=scope["path"], error=type(error).__name__)
        if begun:
            raise
        await problem_response(Refused(problems.INTERNAL))(scope, receive, send)
