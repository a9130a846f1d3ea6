"""Who may call: the three questions that routes ask."""

from starlette.requests import HTTPConnection

from gateway import problems
from gateway.auth import Viewer, bearer
from gateway.refusal import Refused
from gateway.services import services_of

BROADCASTER = (problems.BAD_API_KEY,)
VIEWER = (problems.MISSING_TOKEN, problems.BAD_TOKEN, problems.EXPIRED_TOKEN, problems.FOREIGN_TOKEN)


def require_broadcaster(connection: HTTPConnection) -> None:
    """Raise Refused unless the caller has an API key."""
    if not services_of(connection).api_keys.accepts(bearer(connection.headers.get("authorization"))):
        raise Refused(problems.BAD_API_KEY)


def require_viewer(connection: HTTPConnection, token: str | None = None) -> Viewer:
    """Return the holder of a token for the stream in the path, given or in the header. Raises Refused."""
    services = services_of(connection)
    token = token or bearer(connection.headers.get("authorization"))
    return services.tokens.read(token, connection.path_params["stream"], services.clock() / 1000)


def is_broadcaster_else_viewer(connection: HTTPConnection) -> bool:
    """Return True for a broadcaster, False for a viewer or overlay of the stream. Raises Refused for anyone else."""
    if services_of(connection).api_keys.accepts(bearer(connection.headers.get("authorization"))):
        return True
    require_viewer(connection)
    return False
