"""Who is asking: broadcasters by API key, viewers and overlays by a signed, expiring token bound to one stream."""

import hmac
from collections import OrderedDict
from typing import Any, Literal

import jwt
import msgspec

from gateway import problems
from gateway.refusal import Refused

AUDIENCE = "ovation"
_ALGORITHM = "HS256"
_BEARER = "bearer "
_REMEMBERED_TOKENS = 50_000

Role = Literal["viewer", "overlay"]


class Viewer(msgspec.Struct, frozen=True):
    """What a token says. `expires_at` is epoch seconds, as in the token."""

    viewer_id: str = msgspec.field(name="sub")
    stream_id: str = msgspec.field(name="stream")
    role: Role
    expires_at: int = msgspec.field(name="exp")
    claims: dict[str, Any] = {}


def bearer(authorization: str | None) -> str | None:
    """Return the credentials of an `Authorization: Bearer` header, or None."""
    if authorization is None or authorization[: len(_BEARER)].lower() != _BEARER:
        return None
    return authorization[len(_BEARER) :].strip() or None


class ApiKeys:
    """The keys of broadcasters."""

    def __init__(self, keys: frozenset[str]) -> None:
        self._keys = [key.encode() for key in keys]

    def accepts(self, key: str | None) -> bool:
        """Return whether the key is one of them. How long it takes says nothing about how much of it was right."""
        given = (key or "").encode()
        return sum(hmac.compare_digest(given, known) for known in self._keys) > 0


class Tokens:
    """Writes and reads tokens: JWTs signed with HS256, and with nothing else."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._read: OrderedDict[str, Viewer] = OrderedDict()

    def write(self, viewer: Viewer) -> str:
        """Return the token that says this."""
        return jwt.encode({"aud": AUDIENCE, **msgspec.to_builtins(viewer)}, self._secret, algorithm=_ALGORITHM)

    def read(self, token: str | None, stream_id: str, now_s: float) -> Viewer:
        """Return who holds the token.

        Raises Refused when it is missing, bad, expired, or of another stream than `stream_id`.
        """
        if not token:
            raise Refused(problems.MISSING_TOKEN)
        # A signature is checked once: a viewer taps a hundred times with one token.
        viewer = self._read.get(token)
        if viewer is None:
            viewer = self._read[token] = self._verify(token)
            if len(self._read) > _REMEMBERED_TOKENS:
                self._read.popitem(last=False)
        if viewer.expires_at <= now_s:
            raise Refused(problems.EXPIRED_TOKEN)
        if viewer.stream_id != stream_id:
            raise Refused(problems.FOREIGN_TOKEN)
        return viewer

    def _verify(self, token: str) -> Viewer:
        try:
            # Expiry is checked on every use, by the caller's clock, so here it must only be there.
            payload = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["aud", "sub", "exp"], "verify_exp": False},
            )
            return msgspec.convert(payload, Viewer)
        except (jwt.InvalidTokenError, msgspec.ValidationError) as error:
            raise Refused(problems.BAD_TOKEN) from error


def participant(viewer: Viewer) -> Viewer:
    """Return the viewer if it may tap and vote. Raises Refused if it may only watch."""
    if viewer.role != "viewer":
        raise Refused(problems.ROLE_NOT_ALLOWED)
    return viewer
