"""Polls: a broadcaster creates, opens and closes them; who watches may read them."""

import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from contracts.choices import option_id
from gateway import problems
from gateway.control import changes
from gateway.control.model import Option, Poll
from gateway.lean import LeanRoute, json_response, read_body
from gateway.live import render
from gateway.openapi import operation
from gateway.refusal import Refused
from gateway.routes.access import BROADCASTER, VIEWER, is_broadcaster_else_viewer, require_broadcaster
from gateway.routes.poll_shapes import NewPoll, PollAnswer, PollResults
from gateway.services import services_of

_decoder = msgspec.json.Decoder(NewPoll)


async def create_poll(request: Request) -> Response:
    """Create a poll, as a draft or open."""
    require_broadcaster(request)
    services = services_of(request)
    new = await read_body(request, _decoder)
    stream = services.table.live_stream(request.path_params["stream"])
    if new.results != "always":
        raise Refused(problems.UNSUPPORTED_RESULTS, field="results")
    if new.max_choices > len(new.options):
        raise Refused(problems.INVALID_FIELD, "More choices than options.", "max_choices")
    now = services.clock()
    poll = Poll(
        region=services.settings.region,
        edge=services.settings.edge,
        at=now,
        stream_id=stream.stream_id,
        poll_id=new.poll_id or secrets.token_hex(6),
        question=new.question,
        options=tuple(Option(option_id(index), text) for index, text in enumerate(new.options)),
        max_choices=new.max_choices,
        allow_change=new.allow_change,
        results="always",
        status="open" if new.open else "draft",
        created_at=now,
        opened_at=now if new.open else None,
        closes_at=None if new.closes_in_s is None else now + new.closes_in_s * 1000,
        closed_at=None,
    )
    async with services.writer.alone(stream.stream_id):
        if services.table.has_poll(poll.stream_id, poll.poll_id):
            raise Refused(problems.POLL_EXISTS, field="poll_id")
        await services.change(None, poll)
    location = f"/v1/streams/{poll.stream_id}/polls/{poll.poll_id}"
    return json_response(_answer(poll), 201, {"location": location})


async def read_poll(request: Request) -> Response:
    """Return a poll and its results. A viewer does not see drafts."""
    services = services_of(request)
    everything = is_broadcaster_else_viewer(request)
    stream_id, poll_id = request.path_params["stream"], request.path_params["poll"]
    services.table.stream(stream_id)
    poll = services.table.poll(stream_id, poll_id)
    if poll.status == "draft" and not everything:
        raise Refused(problems.UNKNOWN_POLL)
    hub = await services.hubs.open(stream_id)
    await services.hubs.refresh(hub)
    numbers: dict[str, Any] = {**render.poll(poll, hub.picture.tallies.get(poll_id), services.clock())}
    return json_response(msgspec.convert({**msgspec.to_builtins(_answer(poll)), **numbers}, PollResults))


async def open_poll(request: Request) -> Response:
    """Open a draft for votes. Opening an open poll changes nothing."""
    return await _step(request, changes.open_poll, live=True)


async def close_poll(request: Request) -> Response:
    """Close a poll. Closing a closed poll changes nothing."""
    return await _step(request, changes.close_poll, live=False)


async def _step(request: Request, step: Callable[[Poll, int], Poll], *, live: bool) -> Response:
    """Take a poll one step on in its life; `live` is whether its stream must still be."""
    require_broadcaster(request)
    services = services_of(request)
    stream_id, poll_id = request.path_params["stream"], request.path_params["poll"]
    async with services.writer.alone(stream_id):
        (services.table.live_stream if live else services.table.stream)(stream_id)
        poll = services.table.poll(stream_id, poll_id)
        poll = await services.change(poll, step(poll, services.clock()))
    return json_response(_answer(poll))


def _answer(poll: Poll) -> PollAnswer:
    return msgspec.convert(poll, PollAnswer, from_attributes=True)


_KNOWN = (problems.UNKNOWN_STREAM, problems.UNKNOWN_POLL, problems.STARTING)
_PATH = "/v1/streams/{stream}/polls"

ROUTES = [
    LeanRoute(
        _PATH,
        create_poll,
        methods=["POST"],
        status_code=201,
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream"],
            body=NewPoll,
            answers={201: PollAnswer},
            refusals=(
                *BROADCASTER,
                problems.UNSUPPORTED_RESULTS,
                problems.UNKNOWN_STREAM,
                problems.ENDED_STREAM,
                problems.POLL_EXISTS,
                problems.KAFKA_UNREACHABLE,
                problems.STARTING,
            ),
        ),
    ),
    LeanRoute(
        _PATH + "/{poll}",
        read_poll,
        methods=["GET"],
        tags=["broadcasters", "viewers"],
        openapi_extra=operation(
            caller="either", parameters=["stream", "poll"], answers={200: PollResults}, refusals=(*VIEWER, *_KNOWN)
        ),
    ),
    LeanRoute(
        _PATH + "/{poll}/open",
        open_poll,
        methods=["POST"],
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream", "poll"],
            answers={200: PollAnswer},
            refusals=(*BROADCASTER, *_KNOWN, problems.ENDED_STREAM, problems.CLOSED_POLL, problems.KAFKA_UNREACHABLE),
        ),
    ),
    LeanRoute(
        _PATH + "/{poll}/close",
        close_poll,
        methods=["POST"],
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream", "poll"],
            answers={200: PollAnswer},
            refusals=(*BROADCASTER, *_KNOWN, problems.POLL_NOT_OPEN, problems.KAFKA_UNREACHABLE),
        ),
    ),
]
