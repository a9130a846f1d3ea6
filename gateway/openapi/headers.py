"""Headers of answers: what each says, and which statuses bring which along."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Header:
    """One header of an answer. `always` is whether every answer of that status has it."""

    name: str
    about: str
    example: str | int
    always: bool = True

    def document(self) -> dict[str, Any]:
        """Return it as OpenAPI's Header Object."""
        of = "integer" if isinstance(self.example, int) else "string"
        return {
            "description": self.about,
            "required": self.always,
            "schema": {"type": of},
            "example": self.example,
        }


ETAG = Header("ETag", "Which version this answer is; `If-None-Match` and `If-Match` take it.", '"2.1417"', always=False)
NEXT_PAGE = Header(
    "Link",
    'The page behind this one, `rel="next"` (RFC 8288). The last page has none.',
    '</v1/streams/cup-final/history/exports/votes?format=csv&cursor=q83v>; rel="next"',
    always=False,
)
NEXT_CURSOR = Header(
    "Next-Cursor", "The `cursor` of the page behind this one. The last has none.", "q83v", always=False
)
FILE_NAME = Header("Content-Disposition", "A name for the file.", 'attachment; filename="cup-final.votes.csv"')
LOCATION = Header("Location", "Where the new thing is.", "/v1/streams/cup-final")
RETRY_AFTER = Header("Retry-After", "Seconds to wait before the same request makes sense again.", 1)
_RETRY_AFTER_SOMETIMES = Header(RETRY_AFTER.name, RETRY_AFTER.about, 1, always=False)
_CHALLENGE = Header("WWW-Authenticate", "Which kind of credentials is asked for (RFC 9110).", "Bearer")
_RATE_LIMIT = Header(
    "RateLimit",
    "What is left of the limit and in how many seconds there is more (draft-ietf-httpapi-ratelimit-headers).",
    '"viewer";r=0;t=1',
)
_RATE_LIMIT_POLICY = Header(
    "RateLimit-Policy", "The limit that was met: how many requests in how many seconds.", '"viewer";q=500;w=10'
)

_REQUEST_ID = Header(
    "X-Request-Id",
    "The request's own, if it is 1 to 128 of `A-Z a-z 0-9 . _ : = + / -`, else a new one. Every answer has it but the "
    "202 to taps and votes.",
    "0b6f1ad6c9be41a2a7d0a5d4b1e0c3f7",
)

_OF_PROBLEMS: dict[int, tuple[Header, ...]] = {
    401: (_CHALLENGE,),
    409: (_RETRY_AFTER_SOMETIMES,),
    429: (RETRY_AFTER, _RATE_LIMIT, _RATE_LIMIT_POLICY),
    503: (RETRY_AFTER,),
}


def of_problems(status: int) -> dict[str, Any]:
    """Return the headers that every problem of this status comes with."""
    return documents((_REQUEST_ID, *_OF_PROBLEMS.get(status, ())))


def documents(headers: Iterable[Header]) -> dict[str, Any]:
    """Return headers as they stand in an answer."""
    return {header.name: header.document() for header in headers}
