"""The live picture: as a snapshot that a CDN can hold, and as a socket that also takes taps and votes.

Both show a poll as somebody sees it who has not voted, the socket until its viewer has.
"""

import re
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from contracts import messages
from contracts.limits import MAX_INTERVAL_MS, MIN_INTERVAL_MS
from gateway import metrics, problems
from gateway.auth import bearer
from gateway.conditional import conditional_response
from gateway.history.span import number
from gateway.lean import LeanRoute, problem_response
from gateway.limits.address import host_of
from gateway.live.answers import Answers
from gateway.live.closing import close_for
from gateway.live.conversation import Conversation
from gateway.live.message import message_of
from gateway.live.socket import Socket
from gateway.live.wire import wire_of
from gateway.openapi import operation
from gateway.refusal import Refused
from gateway.resend.line import Line
from gateway.routes.access import require_viewer
from gateway.services import services_of

SUBPROTOCOL = "ovation.v1"
SNAPSHOT_CACHE = "public, max-age=1, stale-while-revalidate=2, stale-if-error=10"
"""A cache asks once a second for all its callers, lets none of them wait for that, and bridges a gateway's absence."""
_BEARER_SUBPROTOCOL = "bearer."
_SESSION = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)


async def live(request: Request) -> Response:
    """Return the snapshot. No token is asked for: it shows nothing that a screen does not."""
    try:
        hub = await services_of(request).hubs.open(request.path_params["stream"])
    except Refused as refused:
        if refused.problem is problems.UNKNOWN_STREAM:  # A crowd may wait for a stream to be opened.
            raise Refused(refused.problem, headers={"cache-control": "public, max-age=1"}) from refused
        raise
    snapshot = hub.snapshot()
    headers = {"cache-control": SNAPSHOT_CACHE}
    return conditional_response(request, snapshot.message.body, snapshot.etag, "application/json", headers)


async def socket(websocket: WebSocket) -> None:
    """Snapshot first, then a welcome and updates; takes what gateway.live.frames describes."""
    services = services_of(websocket)
    try:
        viewer = require_viewer(websocket, _token_in_subprotocol(websocket))
        _require_own_origin(websocket, services.settings.page_origins)
        interval_ms, session = interval_of(websocket), _session_of(websocket)
        hub = await services.hubs.open(viewer.stream_id)
    except Refused as refused:
        await _refuse(websocket, refused)
        return
    await _accept(websocket)
    screen = Socket(
        wire_of(websocket.scope),
        hub,
        interval_s=interval_ms / 1000,
        slow_s=services.settings.slow_socket_s,
        is_viewer=viewer.role == "viewer",
    )
    conversation = Conversation(
        viewer,
        screen,
        Answers(viewer, screen, services.taps, services.ballots, services.refusals, host=host_of(websocket.scope)),
        admit=services.limits.admit_viewer,
        clock=services.clock,
        expiries=services.expiries,
    )
    edge = services.edge_name
    if session is not None:
        line = Line(services.edges, viewer, session, conversation)
        conversation.join(line)
        edge = line.edge
    welcome: messages.Welcome = {
        "type": "welcome",
        "edge": edge,
        "interval_ms": interval_ms,
        "expires_at": int(viewer.expires_at * 1000),
    }
    if elsewhere := services.settings.other_gateways:
        welcome["regions"] = list(elsewhere)
    try:
        screen.start(conversation, message_of(welcome))
    except Refused as refused:  # The stream is gone since it was looked for.
        screen.close(*close_for(refused.problem))


async def _refuse(websocket: WebSocket, refused: Refused) -> None:
    """Say no: to a page by a close code, because browsers show it no answer to a handshake; to a program by HTTP."""
    if "origin" in websocket.headers:
        metrics.REFUSED.labels(refused.problem.name).inc()
        with suppress(WebSocketDisconnect):
            await _accept(websocket)
            await websocket.close(*close_for(refused.problem))
    else:
        await websocket.send_denial_response(problem_response(refused))


async def _accept(websocket: WebSocket) -> None:
    await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in websocket.scope["subprotocols"] else None)


def _session_of(websocket: WebSocket) -> str | None:
    """Return the name that the client gives its session, or None if it has none. Raises Refused for a bad one."""
    name = websocket.query_params.get("session")
    if name is not None and _SESSION.fullmatch(name) is None:
        raise Refused(problems.INVALID_FIELD, "16 to 64 letters, digits, `-` or `_`.", "session")
    return name


def interval_of(connection: HTTPConnection) -> int:
    """Return the milliseconds that `interval_ms` asks for, else the usual ones. Raises Refused for a bad number."""
    asked = number(connection.query_params, "interval_ms", MIN_INTERVAL_MS, MAX_INTERVAL_MS)
    return services_of(connection).settings.push_ms if asked is None else asked


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
