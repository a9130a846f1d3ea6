"""Streams: a broadcaster creates and ends them."""

import asyncio
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from contracts.limits import MAX_EMOJIS
from gateway import problems
from gateway.control import changes
from gateway.control.model import Emoji, Id, Stream, StreamStatus, Title
from gateway.idempotency.write import new_id
from gateway.lean import LeanRoute, json_response, read_body
from gateway.openapi import operation
from gateway.openapi.headers import LOCATION
from gateway.refusal import Refused
from gateway.routes.access import BROADCASTER, VIEWER, is_broadcaster_else_viewer, require_broadcaster
from gateway.services import services_of


class NewStream(msgspec.Struct, frozen=True):
    """A stream to create. Without `stream_id` the gateway makes one up."""

    title: Title
    emojis: Annotated[list[Emoji], Meta(min_length=1, max_length=MAX_EMOJIS)]
    stream_id: Id | None = None


class StreamAnswer(msgspec.Struct, frozen=True):
    """A stream. Times are epoch milliseconds."""

    stream_id: str
    title: str
    emojis: tuple[str, ...]
    status: StreamStatus
    created_at: int
    ended_at: int | None


_decoder = msgspec.json.Decoder(NewStream)


async def create_stream(request: Request) -> Response:
    """Create a stream; it is live at once."""
    require_broadcaster(request, "streams")
    services = services_of(request)
    new = await read_body(request, _decoder)
    if len(set(new.emojis)) < len(new.emojis):
        raise Refused(problems.INVALID_FIELD, "An emoji is there twice.", "emojis")
    stamp = services.writer.stamp()
    stream = Stream(
        **stamp,
        stream_id=new.stream_id or new_id(request, 16),
        title=new.title,
        emojis=tuple(new.emojis),
        status="live",
        created_at=stamp["at"],
        ended_at=None,
    )
    # An id that the gateway made up exists already only where the same Idempotency-Key has made it.
    exists = Refused(problems.STREAM_EXISTS, field="stream_id") if new.stream_id else None
    stream = await services.writer.create(stream, exists)
    return json_response(_answer(stream), 201, {"location": f"/v1/streams/{stream.stream_id}"})


async def read_stream(request: Request) -> Response:
    """Return a stream."""
    is_broadcaster_else_viewer(request, "read")
    return json_response(_answer(services_of(request).table.stream(request.path_params["stream"])))


async def end_stream(request: Request) -> Response:
    """End a stream, close its polls, and cancel those that had not opened. Ending it again changes nothing."""
    require_broadcaster(request, "streams")
    services = services_of(request)
    clock, change = services.clock, services.writer.change
    stream = services.table.stream(request.path_params["stream"])
    # The stream first: once every gateway knows, no poll is created any more.
    stream = (await change(stream, lambda each: changes.end_stream(each, clock()))).record
    polls = services.table.polls(stream.stream_id)
    await asyncio.gather(*(change(poll, lambda each: changes.end_poll(each, clock())) for poll in polls))
    return json_response(_answer(stream))


async def move_stream(request: Request) -> Response:
    """Run a stream of another region in this one from now on, with its polls, as when that region is lost.

    What its gateways may still have changed there and nobody here has heard of is superseded. Moving a stream to where
    it is changes nothing.
    """
    require_broadcaster(request, "streams")
    services = services_of(request)
    stream = services.table.stream(request.path_params["stream"])
    # The polls first: the stream says where they are changed.
    for poll in services.table.polls(stream.stream_id):
        if poll.status not in _DONE:
            await services.writer.move_here(poll)
    return json_response(_answer(await services.writer.move_here(stream)))


def _answer(stream: Stream) -> StreamAnswer:
    return msgspec.convert(stream, StreamAnswer, from_attributes=True)


_KNOWN = (problems.UNKNOWN_STREAM, problems.STARTING)
_DONE = ("final", "cancelled")

ROUTES = [
    LeanRoute(
        "/v1/streams",
        create_stream,
        methods=["POST"],
        status_code=201,
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            body=NewStream,
            answers={201: StreamAnswer},
            gives={201: (LOCATION,)},
            refusals=(*BROADCASTER, problems.STREAM_EXISTS, problems.KAFKA_UNREACHABLE, problems.STARTING),
        ),
    ),
    LeanRoute(
        "/v1/streams/{stream}",
        read_stream,
        methods=["GET"],
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="either", parameters=["stream"], answers={200: StreamAnswer}, refusals=(*VIEWER, *_KNOWN)
        ),
    ),
    LeanRoute(
        "/v1/streams/{stream}/end",
        end_stream,
        methods=["POST"],
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream"],
            answers={200: StreamAnswer},
            refusals=(*BROADCASTER, *_KNOWN, problems.OTHER_REGION, problems.CONFLICT, problems.KAFKA_UNREACHABLE),
        ),
    ),
    LeanRoute(
        "/v1/streams/{stream}/move",
        move_stream,
        methods=["POST"],
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream"],
            answers={200: StreamAnswer},
            refusals=(*BROADCASTER, *_KNOWN, problems.CONFLICT, problems.KAFKA_UNREACHABLE),
        ),
    ),
]
