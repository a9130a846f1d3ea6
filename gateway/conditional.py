"""Entity tags and the conditions that name them (RFC 9110, section 13).

A poll's tag is `"REVISION.VERSION"`: of its definition, and of the tally in the answer. Reading compares the whole tag.
Writing compares the revision alone, because votes come all the time and change nothing that a broadcaster edits.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Container
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

_POLL_TAG = re.compile(r'"(\d{1,18})\.\d{1,18}"')


def etag_of(body: bytes) -> str:
    """Return a strong entity tag for `body`."""
    return f'"{urlsafe_b64encode(blake2b(body, digest_size=12).digest()).decode()}"'


def weak_etag_of(*parts: object) -> str:
    """Return a weak entity tag of what an answer is made from: it says the same, if not in the same bytes."""
    return "W/" + etag_of(repr(parts).encode())


def poll_etag(revision: int, version: int) -> str:
    """Return the tag of a poll; `version` is 0 where no numbers are shown."""
    return f'"{revision}.{version}"'


def wanted_revisions(request: Request) -> Container[int] | None:
    """Return the revisions that `If-Match` allows to be changed; None for any. What is no poll's tag fits none."""
    header = ",".join(request.headers.getlist("if-match")).strip()
    if header in ("", "*"):
        return None
    found = (_POLL_TAG.fullmatch(tag.strip()) for tag in header.split(","))
    return frozenset(int(match[1]) for match in found if match)


def conditional_response(
    request: Request, body: bytes, etag: str, media_type: str, headers: dict[str, str]
) -> Response:
    """Return 304 if `If-None-Match` names the tag, else the body."""
    headers = {"etag": etag, "x-content-type-options": "nosniff", **headers}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag.removeprefix("W/") in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)
