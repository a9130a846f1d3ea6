"""Votes by HTTP."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.lean import LeanRoute, json_response, read_body
from gateway.limits.address import host_of
from gateway.openapi import operation
from gateway.reactions.video import PlaybackMs
from gateway.routes.access import VIEWER, require_viewer
from gateway.services import services_of
from gateway.votes.ballot_box import ReceiptAnswer


class Ballot(msgspec.Struct, frozen=True):
    """The ids of the options chosen. `playback_ms` is where in the video they were."""

    choices: list[str]
    playback_ms: PlaybackMs = None


ballot_decoder = msgspec.json.Decoder(Ballot)


async def vote(request: Request) -> Response:
    """Cast a vote, or, where the poll allows it, change it. The answer comes once Kafka has it with `acks=all`.

    One ballot per viewer and poll counts. A late or ineligible vote is refused with a receipt, because it is counted as
    such.
    """
    viewer = require_viewer(request)
    ballot = await read_body(request, ballot_decoder)
    answer = await services_of(request).ballots.vote(
        viewer, request.path_params["poll"], ballot.choices, ballot.playback_ms, host=host_of(request.scope)
    )
    return json_response(answer, 202)


async def withdraw(request: Request) -> Response:
    """Take the viewer's vote back, where the poll allows it. The answer comes once Kafka has that with `acks=all`."""
    viewer = require_viewer(request)
    answer = await services_of(request).ballots.withdraw(viewer, request.path_params["poll"])
    return json_response(answer, 202)


REFUSALS = (
    *VIEWER,
    problems.ROLE_NOT_ALLOWED,
    problems.UNKNOWN_STREAM,
    problems.UNKNOWN_POLL,
    problems.ENDED_STREAM,
    problems.POLL_NOT_OPEN,
    problems.PAUSED_POLL,
    problems.CANCELLED_POLL,
    problems.FINAL_POLL,
    problems.LATE_VOTE,
    problems.INELIGIBLE,
    problems.KAFKA_UNREACHABLE,
    problems.TOO_MUCH_WAITING,
    problems.STARTING,
)
_PATH = "/v1/streams/{stream}/polls/{poll}/votes"

ROUTES = [
    LeanRoute(
        _PATH,
        vote,
        methods=["POST"],
        status_code=202,
        tags=["viewers"],
        repeatable=True,
        openapi_extra=operation(
            caller="viewer",
            parameters=["stream", "poll"],
            body=Ballot,
            answers={202: ReceiptAnswer},
            refusals=(
                *REFUSALS,
                problems.NO_CHOICES,
                problems.UNKNOWN_OPTION,
                problems.DUPLICATE_CHOICES,
                problems.TOO_MANY_CHOICES,
            ),
        ),
    ),
    LeanRoute(
        _PATH,
        withdraw,
        methods=["DELETE"],
        status_code=202,
        tags=["viewers"],
        repeatable=True,
        openapi_extra=operation(
            caller="viewer",
            parameters=["stream", "poll"],
            answers={202: ReceiptAnswer},
            refusals=(*REFUSALS, problems.NOT_WITHDRAWABLE),
        ),
    ),
]
