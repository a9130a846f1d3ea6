"""The live picture: as a snapshot that a CDN can hold, and as a socket that also takes taps and votes.

Both show a poll as somebody sees it who has not voted, the socket until its viewer has.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from contracts import messages
from gateway import problems
from gateway.auth import bearer
from gateway.conditional import conditional_response
from gateway.lean import LeanRoute, problem_response
from gateway.live.conversation import Conversation
from gateway.live.mailbox import Mailbox
from gateway.live.socket import Socket
from gateway.openapi import operation
from gateway.refusal import Refused
from gateway.routes.access import require_viewer
from gateway.services import services_of
from gateway.settings import split

SUBPROTOCOL = "ovation.v1"
_BEARER_SUBPROTOCOL = "bearer."


async def live(request: Request) -> Response:
    """Return the snapshot. No token is asked for: it shows nothing that a screen does not."""
    hub = await services_of(request).hubs.open(request.path_params["stream"])
    snapshot = hub.snapshot()
    headers = {"cache-control": "public, max-age=1"}
    return conditional_response(request, snapshot.body, snapshot.etag, "application/json", headers)


async def socket(websocket: WebSocket) -> None:
    """Snapshot first, then updates; takes what gateway.live.frames describes. Refused before the handshake."""
    services = services_of(websocket)
    try:
        _require_own_origin(websocket, split(services.settings.allowed_origins))
        viewer = require_viewer(websocket, _token_in_subprotocol(websocket))
        hub = await services.hubs.open(viewer.stream_id)
    except Refused as refused:
        await websocket.send_denial_response(problem_response(refused))
        return
    await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in websocket.scope["subprotocols"] else None)
    mailbox = Mailbox()
    conversation = Conversation(
        viewer,
        hub,
        mailbox,
        taps=services.taps,
        ballots=services.ballots,
        admit=services.limits.admit_viewer,
        clock=services.clock,
    )
    await Socket(websocket, mailbox, services.settings.slow_socket_s).run(hub, conversation)


def _token_in_subprotocol(websocket: WebSocket) -> str | None:
    """Return the token of `bearer.TOKEN`, the only place where a browser can put it."""
    for offered in websocket.scope["subprotocols"]:
        if offered.startswith(_BEARER_SUBPROTOCOL):
            return str(offered[len(_BEARER_SUBPROTOCOL) :])
    return bearer(websocket.headers.get("authorization"))


def _require_own_origin(websocket: WebSocket, allowed: frozenset[str]) -> None:
    """Raise Refused for a page of another origin. Programs send no `Origin`, and need a token as everyone does."""
    origin = websocket.headers.get("origin")
    if origin is None or origin in allowed:
        return
    # Behind a proxy that ends TLS the scheme here is not the browser's, so the host decides.
    if origin == "null" or urlsplit(origin).netloc != websocket.headers.get("host"):
        raise Refused(problems.FOREIGN_ORIGIN)


ROUTES = [
    LeanRoute(
        "/v1/streams/{stream}/live",
        live,
        methods=["GET"],
        tags=["viewers"],
        openapi_extra=operation(
            caller="anyone",
            parameters=["stream"],
            answers={200: messages.Snapshot, 304: ""},
            refusals=(problems.UNKNOWN_STREAM, problems.STARTING),
        ),
    ),
    WebSocketRoute("/v1/streams/{stream}/ws", socket),
]
