"""The application: services, routes in the order of their traffic, and problems for what FastAPI itself refuses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gateway import openapi, problems
from gateway.lean import problem_response
from gateway.refusal import Refused
from gateway.routes import explanations, health, live, pages, polls, reactions, streams, tokens, votes
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
            *live.ROUTES,
            *streams.ROUTES,
            *tokens.ROUTES,
            *polls.ROUTES,
            *health.ROUTES,
            *pages.ROUTES,
            *explanations.ROUTES,
        ],
    )
    app.state.services = services
    app.add_exception_handler(HTTPException, _refuse_http)
    app.add_exception_handler(RequestValidationError, _refuse_invalid)
    app.add_exception_handler(Exception, _fail)
    openapi.complete(app)
    return app


async def _refuse_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {404: problems.NOT_FOUND, 405: problems.METHOD_NOT_ALLOWED, 413: problems.TOO_LARGE}
    response = problem_response(Refused(known.get(error.status_code, problems.HTTP_ERROR)))
    response.headers.update(error.headers or {})
    return response


async def _refuse_invalid(_request: Request, _error: Exception) -> Response:
    return problem_response(Refused(problems.INVALID_REQUEST))


async def _fail(request: Request, error: Exception) -> Response:
    log.error("request failed", path=request.url.path, error=type(error).__name__)
    return problem_response(Refused(problems.INTERNAL))
