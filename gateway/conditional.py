"""Answers with an entity tag: who has the newest copy is told so, and nothing more (RFC 9110, section 13)."""

from base64 import urlsafe_b64encode
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response


def etag_of(body: bytes) -> str:
    """Return a strong entity tag for `body`."""
    return f'"{urlsafe_b64encode(blake2b(body, digest_size=12).digest()).decode()}"'


def conditional_response(
    request: Request, body: bytes, etag: str, media_type: str, headers: dict[str, str]
) -> Response:
    """Return 304 if `If-None-Match` names the tag, else the body."""
    headers = {"etag": etag, "x-content-type-options": "nosniff", **headers}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)
