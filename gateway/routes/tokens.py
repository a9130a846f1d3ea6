"""Tokens: a broadcaster lets viewers and overlays into a stream, or has a link that lets in whoever opens it."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from contracts.limits import MAX_STREAM_MS
from gateway import problems
from gateway.auth import Role, Viewer
from gateway.auth.tokens import MAX_TOKEN_CHARS
from gateway.auth.viewer import Claims, ViewerId
from gateway.idempotency.write import new_id
from gateway.lean import LeanRoute, json_response, read_body
from gateway.openapi import operation
from gateway.refusal import Refused
from gateway.routes.access import BROADCASTER, require_broadcaster
from gateway.services import services_of


class NewToken(msgspec.Struct, frozen=True):
    """A token to write: for whom, to do what, for how long. `claims` go into the token as they are.

    An `invite` is for nobody in particular and needs no `viewer_id`; who comes by it has its claims.
    """

    role: Role
    viewer_id: ViewerId | None = None
    claims: Claims = {}
    expires_in_s: Annotated[int, Meta(ge=1, le=MAX_STREAM_MS // 1000)] = 6 * 3600


class TokenAnswer(msgspec.Struct, frozen=True):
    """A token, and when it ends, epoch milliseconds."""

    token: str
    expires_at: int


_decoder = msgspec.json.Decoder(NewToken)


async def create_token(request: Request) -> Response:
    """Write a token for one viewer or overlay of this stream, or an invite. A backend can, too: `docs/tokens.md`."""
    require_broadcaster(request, "tokens")
    services = services_of(request)
    stream = services.table.stream(request.path_params["stream"])
    new = await read_body(request, _decoder)
    viewer_id = new.viewer_id
    if viewer_id is None:
        if new.role != "invite":
            raise Refused(problems.INVALID_FIELD, "Only an invite is for nobody in particular.", "viewer_id")
        viewer_id = f"invite-{new_id(request, 16)}"
    expires_at = services.clock() // 1000 + new.expires_in_s
    token = services.tokens.write(Viewer(viewer_id, stream.stream_id, new.role, expires_at, new.claims))
    if len(token) > MAX_TOKEN_CHARS:
        raise Refused(problems.INVALID_FIELD, f"The token would be longer than {MAX_TOKEN_CHARS} characters.", "claims")
    return json_response(TokenAnswer(token, expires_at * 1000), 201, {"cache-control": "no-store"})


ROUTES = [
    LeanRoute(
        "/v1/streams/{stream}/tokens",
        create_token,
        methods=["POST"],
        status_code=201,
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["stream"],
            body=NewToken,
            answers={201: TokenAnswer},
            refusals=(
                *BROADCASTER,
                problems.UNKNOWN_STREAM,
                problems.STARTING,
            ),
        ),
    ),
]
