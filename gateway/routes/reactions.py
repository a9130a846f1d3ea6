"""Taps by HTTP."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.idempotency.write import write_of
from gateway.lean import LeanRoute, json_response, read_body
from gateway.openapi import operation
from gateway.reactions.tap_counter import Counted
from gateway.reactions.video import PlaybackMs
from gateway.routes.access import VIEWER, require_viewer
from gateway.services import services_of


class Taps(msgspec.Struct, frozen=True):
    """Taps since the last request. `playback_ms` is where in the video they were made."""

    counts: dict[str, int]
    playback_ms: PlaybackMs = None


taps_decoder = msgspec.json.Decoder(Taps)


async def react(request: Request) -> Response:
    """Count taps. They are added up here and reach Kafka within a flush; the answer names the window they count in.

    Taps over the viewer's limit are not counted, and the answer says how many were.
    """
    viewer = require_viewer(request)
    taps = await read_body(request, taps_decoder)
    counter = services_of(request).taps
    admitted = counter.admit(viewer, taps.counts, taps.playback_ms)
    response = json_response(admitted.answer, 202)
    if write := write_of(request):
        # Counting is what cannot be undone, and a gateway may die at any moment: it comes last.
        await write.answer_first(response)
    counter.count(admitted)
    return response


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
