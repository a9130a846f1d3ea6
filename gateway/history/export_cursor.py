"""The cursor of an export: where the next page begins, readable by no one but a gateway.

A page of votes ends at a voter, whom nobody may learn from a cursor. It is sealed with AES-SIV (RFC 5297), by which the
same place has the same cursor at every gateway, bound to its stream and table; the key comes by HKDF-SHA256 from the
secret that signs tokens, and rotates with it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gateway import problems
from gateway.auth import SigningKey
from gateway.history.export import Key, Table
from gateway.refusal import Refused

MAX_CHARS = 600
_PURPOSE = b"ovation export cursor 1"
_decoder = msgspec.msgpack.Decoder(Key)


class Cursors:
    """Seals and opens cursors. The first of `secrets` seals, all of them open."""

    def __init__(self, secrets: Sequence[SigningKey]) -> None:
        self._keys = [AESSIV(HKDF(SHA256(), 32, None, _PURPOSE).derive(each.secret)) for each in secrets]

    def seal(self, table: Table, stream_id: str, key: Key) -> str:
        """Return the cursor of a place."""
        sealed = self._keys[0].encrypt(msgspec.msgpack.encode(key), _place(table, stream_id))
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, table: Table, stream_id: str, text: str) -> Key:
        """Return the place. Raises Refused for what no gateway sealed, or for another stream or table."""
        try:
            sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= MAX_CHARS else b""
        except ValueError:
            sealed = b""
        for key in self._keys:
            try:
                return _decoder.decode(key.decrypt(sealed, _place(table, stream_id)))
            except (InvalidTag, ValueError):
                continue
        raise Refused(problems.INVALID_FIELD, "`cursor` is none of this export: take it as it was given.", "cursor")


def _place(table: Table, stream_id: str) -> list[bytes]:
    return [table.name.encode(), stream_id.encode()]
