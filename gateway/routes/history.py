"""What was: the reactions, moments and votes of a stream, live or long past. For broadcasters."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from contracts.limits import MAX_STEP_S
from gateway import problems
from gateway.conditional import conditional_response, etag_of
from gateway.control.model import Stream
from gateway.history import past, settled
from gateway.history.answers import Moments, PollTimeline, Timeline
from gateway.history.span import clock_of, number, span_of, step_of
from gateway.lean import Endpoint, LeanRoute
from gateway.openapi import operation
from gateway.openapi.parameters import CLOCK, FROM, SCORE, STEP, TO, TOP, Parameter
from gateway.problems import Problem
from gateway.refusal import Refused
from gateway.routes.access import BROADCASTER, require_broadcaster
from gateway.services import Services, services_of

_MOMENT_STEP_S = 10
_MOMENTS = 20
_MOMENT_SCORE = 5.0
_SCORES = (0.5, 1000.0)


async def reactions_history(request: Request) -> Response:
    """Return the reactions of a stream by step, with the counts of each emoji."""
    services, stream = _stream(request)
    span = span_of(request.query_params, stream, services.clock())
    return _answer(request, stream, await past.timeline(services.history, stream.stream_id, span))


async def moments_history(request: Request) -> Response:
    """Return the bursts of reactions that stand out from the stream's own baseline.

    The baseline is the median, and the median absolute deviation from it: no burst moves either.
    """
    services, stream = _stream(request)
    step_s = number(request.query_params, "step", 1, MAX_STEP_S) or _MOMENT_STEP_S
    top = number(request.query_params, "top", 1, 100) or _MOMENTS
    score = _score(request.query_params.get("score"))
    clock = clock_of(request.query_params)
    return _answer(request, stream, await past.moments(services.history, stream, clock, step_s, score, top))


async def poll_history(request: Request) -> Response:
    """Return how a poll's result came about: the votes that count, by when they were cast."""
    services, stream = _stream(request)
    poll = services.table.poll(stream.stream_id, request.path_params["poll"])
    now_ms = services.clock()
    lasted_ms = min(poll.closing_ms or now_ms, now_ms) - (poll.opening_ms or now_ms)
    step_s = step_of(request.query_params, lasted_ms)
    return _answer(request, stream, await past.poll_timeline(services.history, poll, step_s))


def _stream(request: Request) -> tuple[Services, Stream]:
    require_broadcaster(request, "read")
    services = services_of(request)
    return services, services.table.stream(request.path_params["stream"])


def _score(text: str | None) -> float:
    least, most = _SCORES
    try:
        score = _MOMENT_SCORE if text is None else float(text)
    except ValueError:
        score = -1.0
    if not least <= score <= most:
        raise Refused(problems.INVALID_FIELD, f"`score` is a number from {least} to {most}.", "score")
    return score


def _answer(request: Request, stream: Stream, answer: Any) -> Response:
    """Answer, to be kept where nothing changes any more."""
    body = msgspec.json.encode(answer)
    headers = settled.headers(settled.is_settled(stream, services_of(request).clock()))
    return conditional_response(request, body, etag_of(body), "application/json", headers)


_PATH = "/v1/streams/{stream}/history"
_REFUSALS = (
    *BROADCASTER,
    problems.UNKNOWN_STREAM,
    problems.INVALID_FIELD,
    problems.HISTORY_UNREACHABLE,
    problems.HISTORY_LIMIT,
)
_OF_SPANS = (problems.REVERSED_SPAN, problems.WIDE_SPAN, problems.TOO_MANY_STEPS)


def _route(
    path: str, endpoint: Endpoint, answer: Any, takes: tuple[Parameter, ...], *refusals: Problem, poll: bool = False
) -> LeanRoute:
    return LeanRoute(
        _PATH + path,
        endpoint,
        methods=["GET"],
        tags=["history"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream", "poll"] if poll else ["stream"],
            takes=takes,
            answers={200: answer, 304: ""},
            refusals=(*_REFUSALS, *refusals),
        ),
    )


ROUTES = [
    _route("/reactions", reactions_history, Timeline, (CLOCK, FROM, TO, STEP), *_OF_SPANS),
    _route("/moments", moments_history, Moments, (CLOCK, STEP, SCORE, TOP)),
    _route(
        "/polls/{poll}/timeline",
        poll_history,
        PollTimeline,
        (STEP,),
        problems.UNKNOWN_POLL,
        problems.TOO_MANY_STEPS,
        poll=True,
    ),
]
