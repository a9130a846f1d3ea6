"""The header, and what it stands for (draft-ietf-httpapi-idempotency-key-header)."""

import re
from hashlib import sha256

from starlette.types import Scope

from gateway import problems
from gateway.refusal import Refused

HEADER = b"idempotency-key"
METHODS = frozenset({"POST", "PATCH", "DELETE"})

_KEY = re.compile(rb"[\x20-\x7e]{1,255}")


def key_of(scope: Scope) -> bytes | None:
    """Return the request's key, or None. Raises Refused for a bad one, and for several."""
    found = None
    for name, value in scope["headers"]:
        if name == HEADER:
            if found is not None or not _KEY.fullmatch(value):
                raise Refused(problems.BAD_IDEMPOTENCY_KEY)
            found = value
    return found


def fingerprint(scope: Scope, body: bytes) -> bytes:
    """Return 16 bytes that tell this request from others: method, path, query and body."""
    head = f"{scope['method']} {scope['path']}?".encode() + scope["query_string"]
    return sha256(sha256(head).digest() + sha256(body).digest()).digest()[:16]
