"""Who a viewer is after the gateway: a keyed hash that is the same within a poll, and means nothing outside it."""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache


def voter(secret: bytes, stream_id: str, poll_id: str, viewer_id: str) -> str:
    """Return the voter's 22 characters: 128 bits of HMAC-SHA256 in base64url without padding.

    Each poll has its own key, so nobody who reads two polls can tell which voters are one viewer.
    """
    digest = hmac.digest(_poll_key(secret, stream_id, poll_id), viewer_id.encode(), "sha256")
    return urlsafe_b64encode(digest[:16])[:22].decode()


@lru_cache(maxsize=1024)
def _poll_key(secret: bytes, stream_id: str, poll_id: str) -> bytes:
    # Ids hold no `|` (contracts.limits.ID_PATTERN), so no two polls share a key.
    return hmac.digest(secret, f"{stream_id}|{poll_id}".encode(), "sha256")
