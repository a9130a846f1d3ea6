"""Who may call, and how often: the questions that routes ask. A request is counted against its caller's limits once."""

from collections.abc import Callable
from typing import TypeVar

from starlette.requests import HTTPConnection

from gateway import problems
from gateway.auth import Broadcaster, Viewer, bearer
from gateway.auth.api_keys import looks_like_key
from gateway.control.model import Scope
from gateway.limits.address import host_of
from gateway.refusal import Refused
from gateway.services import services_of

BROADCASTER = (problems.BAD_API_KEY, problems.MISSING_SCOPE, problems.STARTING)
VIEWER = (
    problems.MISSING_TOKEN,
    problems.BAD_TOKEN,
    problems.EXPIRED_TOKEN,
    problems.FOREIGN_TOKEN,
    problems.ROLE_NOT_ALLOWED,
)

C = TypeVar("C", Viewer, Broadcaster)

_ADMITTED = "ovation.admitted"


def require_broadcaster(connection: HTTPConnection, scope: Scope) -> Broadcaster:
    """Return the holder of the API key. Raises Refused unless there is one, with the scope, within its limit."""
    broadcaster = _broadcaster(connection)
    if broadcaster is None:
        raise Refused(problems.BAD_API_KEY)
    broadcaster.require(scope)
    return broadcaster


def require_viewer(connection: HTTPConnection, token: str | None = None) -> Viewer:
    """Return the viewer or overlay with a token for the stream in the path, given or in the header. Raises Refused."""
    holder = _holder(connection, token)
    if holder.role == "invite":
        raise Refused(problems.ROLE_NOT_ALLOWED, "An invite opens nothing itself: it is turned into a viewer's token.")
    return holder


def require_invite(connection: HTTPConnection) -> Viewer:
    """Return what an invite to the stream in the path says. Raises Refused for every other token."""
    holder = _holder(connection)
    if holder.role != "invite":
        raise Refused(problems.ROLE_NOT_ALLOWED, "The token is for one viewer or overlay, and lets nobody else in.")
    return holder


def _holder(connection: HTTPConnection, token: str | None = None) -> Viewer:
    services = services_of(connection)
    if connection.scope["type"] == "websocket":
        # Of requests, addresses are counted before anything else (gateway.lean).
        services.limits.admit_address(host_of(connection.scope))
    token = token or bearer(connection.headers.get("authorization"))
    holder = services.tokens.read(token, connection.path_params["stream"], services.clock() / 1000)
    limits = services.limits
    return _admitted(connection, limits.admit_invite if holder.role == "invite" else limits.admit_viewer, holder)


def is_broadcaster_else_viewer(connection: HTTPConnection, scope: Scope) -> bool:
    """Return True for a broadcaster, who needs the scope, and False for a viewer or overlay of the stream.

    Raises Refused for anyone else.
    """
    broadcaster = _broadcaster(connection)
    if broadcaster is None:
        if looks_like_key(bearer(connection.headers.get("authorization"))):
            raise Refused(problems.BAD_API_KEY)
        require_viewer(connection)
        return False
    broadcaster.require(scope)
    return True


def name_caller(connection: HTTPConnection) -> str | None:
    """Return a name of the caller that is the same at every gateway, or None for who may not call anything.

    Raises Refused for who called too often.
    """
    broadcaster = _broadcaster(connection)
    if broadcaster is not None:
        return f"api-key {broadcaster.key_id}"
    if "stream" not in connection.path_params:
        return None
    try:
        holder = _holder(connection)
    except Refused as refused:
        if refused.problem is problems.RATE_LIMITED:
            raise
        return None
    return f"{'invite' if holder.role == 'invite' else 'viewer'} {holder.stream_id} {holder.viewer_id}"


def _broadcaster(connection: HTTPConnection) -> Broadcaster | None:
    services = services_of(connection)
    broadcaster = services.api_keys.identify(bearer(connection.headers.get("authorization")))
    return None if broadcaster is None else _admitted(connection, services.limits.admit_broadcaster, broadcaster)


def _admitted(connection: HTTPConnection, admit: Callable[[C], None], caller: C) -> C:
    if _ADMITTED not in connection.scope:
        admit(caller)
        connection.scope[_ADMITTED] = True
    return caller
