"""By which code a socket is closed because of a problem (contracts.closing)."""

from typing import NamedTuple

from contracts import closing
from contracts.closing import Closing
from gateway import metrics, problems
from gateway.problems import Problem

_BY_STATUS = {
    401: closing.NO_TOKEN,
    403: closing.NOT_ALLOWED,
    404: closing.UNKNOWN,
    409: closing.RESUMED_ELSEWHERE,
    429: closing.TOO_MANY,
}
_OTHERWISE = {
    problems.STOPPING: closing.STOPPING,
    problems.TOO_LARGE: closing.TOO_LARGE,
    problems.SLOW_SOCKET: closing.SLOW,
}


class Close(NamedTuple):
    """A close frame."""

    code: int
    reason: str


def close_for(problem: Problem) -> Close:
    """Return how to close a socket because of a problem, and count it."""
    metrics.SOCKETS_CLOSED.labels(problem.name).inc()
    return Close(_closing(problem).code, problem.name)


def _closing(problem: Problem) -> Closing:
    if problem in _OTHERWISE:
        return _OTHERWISE[problem]
    default = closing.UNAVAILABLE if problem.status >= 500 else closing.BAD_FRAMES
    return _BY_STATUS.get(problem.status, default)
