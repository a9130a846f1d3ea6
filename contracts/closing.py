"""Codes by which the gateway closes a socket (RFC 6455, section 7.4), and what a client makes of them.

The reason beside a code is the name of a problem, which `/problems/NAME` explains. Of a code that is final the same
socket would only be closed again; after all others, and after a connection that was lost, a client comes back.
"""

from typing import NamedTuple


class Closing(NamedTuple):
    """One code. `reasons` are the problems that come with it, those of the moment of opening among them."""

    code: int
    reasons: tuple[str, ...]
    means: str
    is_final: bool = False


STOPPING = Closing(1001, ("stopping",), "The gateway stops. Come back after a moment of one's own choice, anywhere.")
TOO_LARGE = Closing(1009, ("too-large",), "A frame has more bytes than any valid one needs.")
SLOW = Closing(1013, ("slow-socket",), "The socket took nothing for too long.")
BAD_FRAMES = Closing(
    4400,
    ("bad-frames", "invalid-field"),
    "Too many frames were unreadable, unknown or out of order; or the socket's address is not a good one.",
    is_final=True,
)
NO_TOKEN = Closing(
    4401,
    ("missing-token", "bad-token", "expired-token"),
    "There is no good token, or its time is over, also while the socket is open.",
    is_final=True,
)
NOT_ALLOWED = Closing(
    4403,
    ("foreign-origin", "foreign-token", "role-not-allowed"),
    "The page's origin or the token does not fit.",
    is_final=True,
)
UNKNOWN = Closing(4404, ("unknown-stream",), "There is no such stream.", is_final=True)
RESUMED_ELSEWHERE = Closing(4409, ("resumed-elsewhere",), "The session goes on over another socket, and not over this.")
TOO_MANY = Closing(
    4429,
    ("too-many-frames", "rate-limited"),
    "The client went on sending though it was told to wait, or opens sockets too often.",
)
UNAVAILABLE = Closing(4503, ("starting", "internal"), "The gateway is not ready, or failed.")

ALL = {
    each.code: each
    for each in (
        STOPPING,
        TOO_LARGE,
        SLOW,
        BAD_FRAMES,
        NO_TOKEN,
        NOT_ALLOWED,
        UNKNOWN,
        RESUMED_ELSEWHERE,
        TOO_MANY,
        UNAVAILABLE,
    )
}
"""Every code that the gateway sends."""
