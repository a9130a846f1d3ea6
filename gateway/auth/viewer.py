"""Who a token lets in."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.limits import ID_PATTERN, MAX_CLAIM_CHARS, MAX_VIEWER_ID_CHARS
from gateway import problems
from gateway.refusal import Refused

MAX_CLAIMS = 32

Role = Literal["viewer", "overlay", "invite"]
"""`invite` is a link that anybody may open: it does nothing but let a viewer of its own in (gateway.routes.viewers)."""
ViewerId = Annotated[str, Meta(min_length=1, max_length=MAX_VIEWER_ID_CHARS)]
ClaimValue = bool | int | float | Annotated[str, Meta(max_length=MAX_CLAIM_CHARS)] | None
Claims = Annotated[
    dict[
        Annotated[str, Meta(min_length=1, max_length=MAX_CLAIM_CHARS)],
        ClaimValue | Annotated[list[ClaimValue], Meta(max_length=MAX_CLAIMS)],
    ],
    Meta(max_length=MAX_CLAIMS),
]
"""What the broadcaster says of a viewer, for the eligibility of polls. Bounded, because every request carries it."""


class Viewer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a token says. Times are epoch seconds, as in the token, which need not be whole (RFC 7519, section 2)."""

    viewer_id: ViewerId = msgspec.field(name="sub")
    stream_id: Annotated[str, Meta(pattern=ID_PATTERN)] = msgspec.field(name="stream")
    role: Role
    expires_at: int | float = msgspec.field(name="exp")
    claims: Claims = {}
    not_before: int | float = msgspec.field(name="nbf", default=0)


def participant(viewer: Viewer) -> Viewer:
    """Return the viewer if it may tap and vote. Raises Refused if it may only watch, or let others in."""
    if viewer.role != "viewer":
        raise Refused(problems.ROLE_NOT_ALLOWED)
    return viewer
