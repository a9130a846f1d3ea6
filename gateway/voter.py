"""Who a viewer is after the gateway: a keyed hash that is the same within a poll, and means nothing outside it.

A poll's key comes from the gateways' secret and the poll's own salt. Once the poll is final or cancelled its record has
no salt any more: the key is forgotten here, and nobody can make it again or tell whose a ballot was.
"""

import hmac
from base64 import urlsafe_b64encode
from collections import OrderedDict

from gateway.control.model import Poll, Record
from gateway.control.table import ControlTable

_REMEMBERED_KEYS = 1024


class VoterKeys:
    """Makes voters. Keys are kept for the polls in use, and only for as long as `table` has their salt."""

    def __init__(self, secret: bytes, table: ControlTable) -> None:
        self._secret = secret
        self._keys: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        """Salt and key by the poll's key in `control`, the one used last at the end."""
        table.listen(self._hear, self._keys.clear)

    def voter(self, poll: Poll, viewer_id: str) -> str:
        """Return the voter's 22 characters: 128 bits of HMAC-SHA256 in base64url without padding.

        Each poll has its own key, so nobody who reads two polls can tell which voters are one viewer. Raises ValueError
        when the poll's key is destroyed.
        """
        digest = hmac.digest(self._key(poll), viewer_id.encode(), "sha256")
        return urlsafe_b64encode(digest[:16])[:22].decode()

    def _key(self, poll: Poll) -> bytes:
        salt, key = self._keys.get(poll.key, ("", b""))
        if salt != poll.voter_salt:
            if poll.voter_salt is None:
                raise ValueError("this poll's voter key is destroyed")
            # Ids and salts hold no `|`, so no two polls share a key.
            salt, text = poll.voter_salt, f"{poll.voter_salt}|{poll.stream_id}|{poll.poll_id}"
            key = hmac.digest(self._secret, text.encode(), "sha256")
            self._keys[poll.key] = salt, key
            if len(self._keys) > _REMEMBERED_KEYS:
                self._keys.popitem(last=False)
        self._keys.move_to_end(poll.key)
        return key

    def _hear(self, record: Record) -> None:
        if isinstance(record, Poll) and record.voter_salt is None:
            self._keys.pop(record.key, None)
