"""What a gateway means that closes a socket: whether to come back, and if not, why."""

from contracts import closing
from ovation.client.errors import ProblemError

_STATUSES = {
    closing.BAD_FRAMES.code: 400,
    closing.NO_TOKEN.code: 401,
    closing.NOT_ALLOWED.code: 403,
    closing.UNKNOWN.code: 404,
}
"""What HTTP says in place of each code that is final."""
_WORDS = {
    "missing-token": "There is no token.",
    "bad-token": "The token is not one that this gateway has signed.",
    "expired-token": "The token's time is over: ask for a new one where you got it.",
    "foreign-token": "The token is good, but for another stream than this.",
    "unknown-stream": "No stream has this id.",
}


def final_problem(code: int | None, reason: str) -> ProblemError | None:
    """Return why a socket was closed for good, or None if it is worth coming back.

    `reason` is the name of a problem. One without, or a code that this client does not know, is as RFC 6455 leaves it.
    """
    known = closing.ALL.get(code or 0)
    if known is None or not known.is_final:
        return None
    name = reason or known.reasons[0]
    return ProblemError(_STATUSES.get(known.code, 400), name, _WORDS.get(name, known.means))
