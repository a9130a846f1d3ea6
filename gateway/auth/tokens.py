"""Tokens of viewers and overlays: JWTs (RFC 7519), signed with HS256 and nothing else, by the gateway or offline."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Sequence
from typing import Literal

import jwt
import msgspec

from gateway import problems
from gateway.auth.secrets import SigningKey
from gateway.auth.viewer import Viewer
from gateway.refusal import Refused

AUDIENCE: Literal["ovation"] = "ovation"
MAX_TOKEN_CHARS = 4_096
"""Several times what claims of any use need; it bounds what the gateway remembers."""

_ALGORITHM = "HS256"
_REMEMBERED_TOKENS = 50_000
_REMEMBERED_HEADERS = 64
_CLOCKS_DIFFER_S = 30
"""How far the clock of a backend that writes tokens may be ahead."""


class _Audience(msgspec.Struct):
    aud: Literal["ovation"] | list[str]


class Tokens:
    """Writes tokens with the first of the keys, and reads those of all."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self._signing = keys[0]
        self._secrets = {key.kid: key.secret for key in keys}
        self._read: OrderedDict[str, Viewer] = OrderedDict()
        self._headers: dict[str, bytes] = {}
        """Headers of tokens that PyJWT has accepted, as they stand there, and the secrets that had signed those."""
        self._jws = jwt.PyJWS(algorithms=[_ALGORITHM])
        self._decoder = msgspec.json.Decoder(Viewer)
        self._audience_decoder = msgspec.json.Decoder(_Audience)

    def write(self, viewer: Viewer) -> str:
        """Return the token that says this."""
        payload = {"aud": AUDIENCE, **msgspec.to_builtins(viewer)}
        return jwt.encode(payload, self._signing.secret, algorithm=_ALGORITHM, headers={"kid": self._signing.kid})

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
        # Times are checked on every use.
        if viewer.expires_at <= now_s:
            raise Refused(problems.EXPIRED_TOKEN)
        if viewer.not_before > now_s + _CLOCKS_DIFFER_S:
            raise Refused(problems.BAD_TOKEN, "The token is not valid yet.")
        if viewer.stream_id != stream_id:
            raise Refused(problems.FOREIGN_TOKEN)
        return viewer

    def _verify(self, token: str) -> Viewer:
        if len(token) > MAX_TOKEN_CHARS:
            raise Refused(problems.BAD_TOKEN, f"A token has at most {MAX_TOKEN_CHARS} characters.")
        try:
            payload = self._signed(token)
            audience = self._audience_decoder.decode(payload).aud
            if AUDIENCE not in ([audience] if isinstance(audience, str) else audience):
                raise Refused(problems.BAD_TOKEN, "The token is for somebody else: its `aud` is not `ovation`.")
            return self._decoder.decode(payload)
        except msgspec.ValidationError as error:
            # The signature was good, so its writer may know what is wrong with the rest.
            raise Refused(problems.BAD_TOKEN, f"The token's payload does not fit: {error}.") from error
        except (jwt.InvalidTokenError, msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise Refused(problems.BAD_TOKEN) from error

    def _signed(self, token: str) -> bytes:
        """Return the payload of a token that one of the secrets has signed. Raises jwt.InvalidTokenError."""
        header = token.partition(".")[0]
        payload = self._signed_like(header, token)
        if payload is None:
            payload, secret = self._signed_by_any(token)
            if len(self._headers) < _REMEMBERED_HEADERS:
                self._headers[header] = secret
        return payload

    def _signed_like(self, header: str, token: str) -> bytes | None:
        """Return the payload if the token has a known header and that header's secret has signed it; else None.

        All that differs between two voters' tokens is payload and signature; PyJWT would read the same header twice
        each time, and take as long for it as for half a vote.
        """
        secret = self._headers.get(header)
        if secret is None:
            return None
        signed, _, signature = token.rpartition(".")
        made = urlsafe_b64encode(hmac.digest(secret, signed.encode("ascii"), "sha256")).rstrip(b"=")
        payload = signed[len(header) + 1 :]
        if not hmac.compare_digest(made, signature.encode()) or "." in payload:
            return None
        return urlsafe_b64decode(payload + "=" * (-len(payload) % 4))

    def _signed_by_any(self, token: str) -> tuple[bytes, bytes]:
        """Return the payload, and the secret that has signed it. Raises jwt.InvalidTokenError."""
        kid = self._jws.get_unverified_header(token).get("kid")
        if kid is not None and kid not in self._secrets:
            raise jwt.InvalidSignatureError("unknown kid")
        secrets = self._secrets.values() if kid is None else [self._secrets[kid]]
        for secret in secrets:
            try:
                payload: bytes = self._jws.decode(token, secret, algorithms=[_ALGORITHM])
            except jwt.InvalidSignatureError:
                continue
            return payload, secret
        raise jwt.InvalidSignatureError("none of the secrets")
