"""Votes by HTTP."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.lean import LeanRoute, json_response, read_body
from gateway.live.socket import Receipt
from gateway.openapi import operation
from gateway.routes.access import VIEWER, require_viewer
from gateway.services import services_of


class Ballot(msgspec.Struct, frozen=True):
    """The ids of the options chosen."""

    choices: list[str]


_decoder = msgspec.json.Decoder(Ballot)


async def vote(request: Request) -> Response:
    """Cast a vote. The answer comes once Kafka has it with `acks=all`; one ballot per viewer and poll counts."""
    viewer = require_viewer(request)
    ballot = await read_body(request, _decoder)
    receipt = await services_of(request).ballots.vote(viewer, request.path_params["poll"], ballot.choices)
    return json_response(Receipt(receipt), 202)


REFUSALS = (
    *VIEWER,
    problems.ROLE_NOT_ALLOWED,
    problems.UNKNOWN_STREAM,
    problems.UNKNOWN_POLL,
    problems.ENDED_STREAM,
    problems.POLL_NOT_OPEN,
    problems.CLOSED_POLL,
    problems.NO_CHOICES,
    problems.UNKNOWN_OPTION,
    problems.DUPLICATE_CHOICES,
    problems.TOO_MANY_CHOICES,
    problems.KAFKA_UNREACHABLE,
    problems.TOO_MUCH_WAITING,
    problems.STARTING,
)

ROUTES = [
    LeanRoute(
        "/v1/streams/{stream}/polls/{poll}/votes",
        vote,
        methods=["POST"],
        status_code=202,
        tags=["viewers"],
        openapi_extra=operation(
            caller="viewer", parameters=["stream", "poll"], body=Ballot, answers={202: Receipt}, refusals=REFUSALS
        ),
    )
]
