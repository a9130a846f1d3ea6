"""The secrets that sign tokens and seal what viewers keep: several at once while they are rotated."""

import re
from dataclasses import dataclass, field

DEFAULT_KID = "default"
MIN_SECRET_CHARS = 32
"""As many as the hash behind HS256 has bytes (RFC 7518, section 3.2)."""

_KID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret and the name, `kid`, by which a token says that it was signed with it (RFC 7515, section 4.1.4)."""

    kid: str
    secret: bytes = field(repr=False)


def signing_secrets(setting: str) -> tuple[SigningKey, ...]:
    """Return the keys of a setting: `SECRET`, whose kid is "default", or `KID:SECRET,KID:SECRET`.

    The first one signs and seals; all of them are accepted. Raises ValueError, which never repeats a secret.
    """
    parts = [part.strip() for part in setting.split(",") if part.strip()]
    if len(parts) == 1 and ":" not in parts[0]:
        parts = [f"{DEFAULT_KID}:{parts[0]}"]
    keys = tuple(_signing_key(part) for part in parts)
    if not keys:
        raise ValueError("needs at least one secret")
    if len({key.kid for key in keys}) < len(keys):
        raise ValueError("names a kid twice")
    return keys


def _signing_key(part: str) -> SigningKey:
    kid, colon, secret = part.partition(":")
    if not colon or not _KID.fullmatch(kid):
        raise ValueError("is neither a secret without commas and colons nor a list of KID:SECRET")
    if len(secret) < MIN_SECRET_CHARS:
        raise ValueError(f"needs at least {MIN_SECRET_CHARS} characters in each secret")
    return SigningKey(kid, secret.encode())
