"""Viewers of an invite: whoever opens its link gets a token of their own."""

import msgspec
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.idempotency.write import new_id
from gateway.lean import LeanRoute, json_response
from gateway.openapi import operation
from gateway.routes.access import VIEWER, require_invite
from gateway.services import services_of

_ID_HEX_CHARS = 32


class Guest(msgspec.Struct, frozen=True):
    """A viewer whom an invite has let in: its own token, the id in it, and when it ends, epoch milliseconds."""

    token: str
    viewer_id: str
    expires_at: int


async def let_in(request: Request) -> Response:
    """Give who opens an invite a viewer's token of its own.

    It has a random id, and the invite's claims and end.

    Nobody knows whether the same person comes twice: a browser keeps its token, and another one is another viewer.
    """
    invite = require_invite(request)
    services = services_of(request)
    services.table.stream(invite.stream_id)
    viewer = replace(invite, role="viewer", viewer_id=f"guest-{new_id(request, _ID_HEX_CHARS)}")
    answer = Guest(services.tokens.write(viewer), viewer.viewer_id, int(viewer.expires_at * 1000))
    return json_response(answer, 201, {"cache-control": "no-store"})


ROUTES = [
    LeanRoute(
        "/v1/streams/{stream}/viewers",
        let_in,
        methods=["POST"],
        status_code=201,
        tags=["viewers"],
        openapi_extra=operation(
            caller="viewer",
            parameters=["stream"],
            answers={201: Guest},
            refusals=(*VIEWER, problems.UNKNOWN_STREAM, problems.STARTING),
        ),
    ),
]
