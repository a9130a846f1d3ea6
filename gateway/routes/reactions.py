"""Taps by HTTP."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.lean import LeanRoute, json_response, read_body
from gateway.openapi import operation
from gateway.reactions.tap_counter import Counted
from gateway.routes.access import VIEWER, require_viewer
from gateway.services import services_of


class Taps(msgspec.Struct, frozen=True):
    """Taps since the last request. `playback_ms` is where in the video they were made."""

    counts: dict[str, int]
    playback_ms: Annotated[int, Meta(ge=0)] | None = None


_decoder = msgspec.json.Decoder(Taps)


async def react(request: Request) -> Response:
    """Count taps. They are added up here and reach Kafka within a flush; the answer names the window they count in."""
    viewer = require_viewer(request)
    taps = await read_body(request, _decoder)
    return json_response(services_of(request).taps.tap(viewer, taps.counts), 202)


REFUSALS = (
    *VIEWER,
    problems.ROLE_NOT_ALLOWED,
    problems.UNKNOWN_STREAM,
    problems.ENDED_STREAM,
    problems.NO_COUNTS,
    problems.UNKNOWN_EMOJI,
    problems.NEGATIVE_COUNT,
    problems.ZERO_COUNT,
    problems.HUGE_COUNT,
    problems.TOO_MUCH_WAITING,
    problems.STARTING,
    problems.STOPPING,
)

ROUTES = [
    LeanRoute(
        "/v1/streams/{stream}/reactions",
        react,
        methods=["POST"],
        status_code=202,
        tags=["viewers"],
        openapi_extra=operation(
            caller="viewer", parameters=["stream"], body=Taps, answers={202: Counted}, refusals=REFUSALS
        ),
    )
]
