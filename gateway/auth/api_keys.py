"""The keys of broadcasters: those of the setting, which may do everything, and those made by a call, which have scopes.

The text of a key that was made is `ovk_KEYID_SECRET`. Of no key is more kept than a hash: SHA-256 is enough for a
secret of 256 random bits, and it is quick enough for every request.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, get_args

from gateway import problems
from gateway.clock import Clock
from gateway.control.model import ApiKey, Scope
from gateway.refusal import Refused

SCOPES: tuple[Scope, ...] = get_args(Scope)
_PREFIX = "ovk"
_HASHED = "sha256:"
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Broadcaster:
    """The holder of an API key."""

    key_id: str
    scopes: frozenset[Scope]

    def require(self, scope: Scope) -> None:
        """Raise Refused unless the key has the scope."""
        if scope not in self.scopes:
            raise Refused(problems.MISSING_SCOPE, f"The API key lacks the scope `{scope}`.", field=scope)


class KnownKeys(Protocol):
    """What is known of the keys that were made: `gateway.control.table.ControlTable`."""

    ready: bool

    def api_key(self, key_id: str) -> ApiKey | None: ...


def looks_like_key(text: str | None) -> bool:
    """Return whether this can be a key that was made, and nothing else: no token begins as one."""
    return text is not None and text.startswith(f"{_PREFIX}_")


def key_text(key_id: str, secret: str) -> str:
    """Return a key as its holder gets it, once."""
    return f"{_PREFIX}_{key_id}_{secret}"


def key_hash(text: str) -> str:
    """Return what is kept of a key."""
    return sha256(text.encode()).hexdigest()


def setting_hash(part: str) -> str:
    """Return the hash of one key of the setting, `sha256:HEX` or the key itself. Raises ValueError for bad HEX."""
    if not part.startswith(_HASHED):
        return key_hash(part)
    digest = part.removeprefix(_HASHED).lower()
    if not _HEX.fullmatch(digest):
        raise ValueError("needs 64 hex digits after sha256:")
    return digest


class ApiKeys:
    """Recognises keys. One that was revoked in another gateway opens nothing here as soon as `control` says so."""

    def __init__(self, setting: Iterable[str], known: KnownKeys, clock: Clock) -> None:
        hashes = sorted(setting_hash(part) for part in setting)
        self._fixed = [(each, Broadcaster(f"setting-{each[:12]}", frozenset(SCOPES))) for each in hashes]
        self._known = known
        self._clock = clock

    def identify(self, text: str | None) -> Broadcaster | None:
        """Return whose key this is, or None if it is nobody's, or not any more.

        How long it takes says nothing about how much of the key was right. Raises Refused while it is too early to say.
        """
        if not text:
            return None
        given = key_hash(text)
        matches = [holder for known, holder in self._fixed if hmac.compare_digest(given, known)]
        return matches[0] if matches else self._made(text, given)

    def _made(self, text: str, given: str) -> Broadcaster | None:
        prefix, _, rest = text.partition("_")
        key_id, _, secret = rest.partition("_")
        if prefix != _PREFIX or not secret:
            return None
        key = self._known.api_key(key_id)
        if key is None:
            if not self._known.ready:
                raise Refused(problems.STARTING)
            return None
        if not hmac.compare_digest(given, key.secret_hash) or not key.is_valid_at(self._clock()):
            return None
        return Broadcaster(key.key_id, frozenset(key.scopes))
