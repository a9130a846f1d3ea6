"""Questions to a local port, answered at once: does the part behind it serve?"""

import http.client
import json
import socket
from typing import Any

HOST = "127.0.0.1"
TIMEOUT_S = 2.0


def accepts(port: int) -> bool:
    """Return whether something accepts connections on `port`."""
    try:
        with socket.create_connection((HOST, port), TIMEOUT_S):
            return True
    except OSError:
        return False


def pongs(port: int) -> bool:
    """Return whether a Redis on `port` has loaded its data and answers."""
    try:
        with socket.create_connection((HOST, port), TIMEOUT_S) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def answers(port: int, path: str) -> bool:
    """Return whether `GET path` on `port` is answered 200."""
    return _get(port, path)[0] == http.HTTPStatus.OK


def unavailable(port: int, path: str) -> bool:
    """Return whether `GET path` on `port` is answered 503."""
    return _get(port, path)[0] == http.HTTPStatus.SERVICE_UNAVAILABLE


def get_json(port: int, path: str) -> dict[str, Any]:
    """Return the JSON object at `path`, or an empty one while there is none."""
    status, body = _get(port, path)
    try:
        value = json.loads(body if status == http.HTTPStatus.OK else b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _get(port: int, path: str) -> tuple[int | None, bytes]:
    """Return the status and the body of an answer, no status where there is none."""
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return None, b""
    finally:
        connection.close()
