"""The steps in a poll's life, and edits of what it is. Both take `If-Match`."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from contracts.limits import MAX_POLL_BODY_BYTES
from gateway import problems
from gateway.conditional import poll_etag, wanted_revisions
from gateway.control import changes
from gateway.control.model import Poll
from gateway.lean import Endpoint, LeanRoute, json_response, read_body
from gateway.openapi import operation
from gateway.openapi.headers import ETAG
from gateway.openapi.parameters import IF_MATCH
from gateway.problems import Problem
from gateway.routes.access import BROADCASTER, require_broadcaster
from gateway.routes.poll_edits import answered, changed
from gateway.routes.poll_shapes import PollAnswer, PollChange
from gateway.services import services_of

_decoder = msgspec.json.Decoder(PollChange)


async def edit_poll(request: Request) -> Response:
    """Change a poll: anything before it opens, and until its first vote; afterwards only when it closes."""
    require_broadcaster(request, "polls")
    services = services_of(request)
    change = await read_body(request, _decoder)
    return await _write(
        request, lambda poll: changed(poll, change, services.clock()), live=True, admit=services.vote_lock.admit
    )


async def open_poll(request: Request) -> Response:
    """Open a poll for votes, or open a paused one again. Opening an open poll changes nothing."""
    return await _step(request, changes.open_poll, live=True)


async def pause_poll(request: Request) -> Response:
    """Take no votes until the poll is opened again. Its closing time stays."""
    return await _step(request, changes.pause_poll, live=True)


async def close_poll(request: Request) -> Response:
    """Close a poll. Closing a closed poll changes nothing."""
    return await _step(request, changes.close_poll, live=False)


async def cancel_poll(request: Request) -> Response:
    """Call a poll off: no vote in it counts, and nobody can trace one any more. Not possible once it is final."""
    return await _step(request, changes.cancel_poll, live=False)


async def _step(request: Request, step: Callable[[Poll, int], Poll], *, live: bool) -> Response:
    require_broadcaster(request, "polls")
    clock = services_of(request).clock
    return await _write(request, lambda poll: step(poll, clock()), live=live)


async def _write(
    request: Request,
    step: Callable[[Poll], Poll],
    *,
    live: bool,
    admit: Callable[[Poll, Poll], Awaitable[None]] | None = None,
) -> Response:
    """Change the poll in the path; `live` is whether its stream must still be."""
    services = services_of(request)
    stream_id, poll_id = request.path_params["stream"], request.path_params["poll"]
    (services.table.live_stream if live else services.table.stream)(stream_id)
    poll = services.table.poll(stream_id, poll_id)
    poll = (await services.writer.change(poll, step, admit=admit, only=wanted_revisions(request))).record
    headers = {"etag": poll_etag(poll.revision, 0)}
    return json_response(answered(poll, services.clock(), broadcaster=True), headers=headers)


_COMMON = (
    *BROADCASTER,
    problems.UNKNOWN_STREAM,
    problems.UNKNOWN_POLL,
    problems.PRECONDITION_FAILED,
    problems.CONFLICT,
    problems.OTHER_REGION,
    problems.CANCELLED_POLL,
    problems.KAFKA_UNREACHABLE,
    problems.STARTING,
)
_PATH = "/v1/streams/{stream}/polls/{poll}"


def _step_route(endpoint: Endpoint, name: str, *refusals: Problem) -> LeanRoute:
    return LeanRoute(
        f"{_PATH}/{name}",
        endpoint,
        methods=["POST"],
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream", "poll"],
            takes=(IF_MATCH,),
            answers={200: PollAnswer},
            gives={200: (ETAG,)},
            refusals=(*_COMMON, *refusals),
        ),
    )


ROUTES = [
    LeanRoute(
        _PATH,
        edit_poll,
        methods=["PATCH"],
        max_bytes=MAX_POLL_BODY_BYTES,
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream", "poll"],
            takes=(IF_MATCH,),
            body=PollChange,
            answers={200: PollAnswer},
            gives={200: (ETAG,)},
            refusals=(
                *_COMMON,
                problems.ENDED_STREAM,
                problems.LOCKED_POLL,
                problems.CLOSED_POLL,
                problems.FINAL_POLL,
                problems.INVALID_RULES,
                problems.INVALID_SCHEDULE,
                problems.REDIS_UNREACHABLE,
            ),
        ),
    ),
    _step_route(
        open_poll, "open", problems.ENDED_STREAM, problems.CLOSED_POLL, problems.FINAL_POLL, problems.INVALID_SCHEDULE
    ),
    _step_route(
        pause_poll, "pause", problems.ENDED_STREAM, problems.POLL_NOT_OPEN, problems.CLOSED_POLL, problems.FINAL_POLL
    ),
    _step_route(close_poll, "close", problems.POLL_NOT_OPEN),
    _step_route(cancel_poll, "cancel", problems.FINAL_POLL),
]
