"""The application: services, routes in the order of their traffic, and problems for what FastAPI itself refuses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from gateway import openapi, problems
from gateway.lean import problem_response
from gateway.openapi.examples import EXAMPLES
from gateway.refusal import Refused
from gateway.routes import (
    ballots,
    events,
    explanations,
    exports,
    health,
    history,
    keys,
    live,
    pages,
    poll_steps,
    polls,
    qr,
    reactions,
    receipts,
    stats,
    streams,
    tokens,
    viewers,
    votes,
)
from gateway.services import Services
from gateway.settings import Settings

log = structlog.get_logger(__name__)


def create_app(settings: Settings) -> FastAPI:
    """Return the gateway as an ASGI application. Kafka and Redis are not touched before it starts."""
    services = Services.build(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        services.start()
        yield
        await services.stop()

    app = FastAPI(
        title="Ovation gateway",
        description="Streams, taps, polls and votes. docs/asyncapi.yaml describes the socket and the records in Kafka.",
        version="1",
        lifespan=lifespan,
        # Their pages load scripts from a CDN.
        docs_url=None,
        redoc_url=None,
        # Asking whether it is configured costs a tenth of a tap; /metrics has what is worth knowing.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        routes=[
            *reactions.ROUTES,
            *votes.ROUTES,
            *receipts.ROUTES,
            *live.ROUTES,
            *events.ROUTES,
            *streams.ROUTES,
            *stats.ROUTES,
            *tokens.ROUTES,
            *viewers.ROUTES,
            *qr.ROUTES,
            *keys.ROUTES,
            *polls.ROUTES,
            *poll_steps.ROUTES,
            *ballots.ROUTES,
            *history.ROUTES,
            *exports.ROUTES,
            *health.ROUTES,
            *pages.ROUTES,
            *explanations.ROUTES,
        ],
    )
    app.state.services = services
    app.add_exception_handler(HTTPException, _refuse_http)
    app.add_exception_handler(RequestValidationError, _refuse_invalid)
    app.add_exception_handler(Exception, _fail)
    openapi.complete(app, EXAMPLES)
    return app


async def _refuse_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {404: problems.NOT_FOUND, 405: problems.METHOD_NOT_ALLOWED, 413: problems.TOO_LARGE}
    response = problem_response(Refused(known.get(error.status_code, problems.HTTP_ERROR)))
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["allow"] = ", ".join(sorted(_methods_at(request)))
    return response


def _methods_at(request: Request) -> set[str]:
    """Return the methods of every route at this address; Starlette names only those of the first."""
    routes = (route for route in request.app.routes if isinstance(route, Route))
    return {
        method
        for route in routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


async def _refuse_invalid(_request: Request, _error: Exception) -> Response:
    return problem_response(Refused(problems.INVALID_REQUEST))


async def _fail(request: Request, error: Exception) -> Response:
    log.error("request failed", path=request.url.path, error=type(error).__name__)
    return problem_response(Refused(problems.INTERNAL))
