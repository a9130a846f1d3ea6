"""The receipt that a viewer holds: whole in itself, readable by no one but a gateway, and not to be made up.

It is AES-256-GCM over its contents under a random nonce, as base64url. The key comes by HKDF-SHA256 from the secret
that signs tokens, so it rotates with that. One secret may seal 2**32 receipts (NIST SP 800-38D, section 8.3).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from os import urandom
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gateway import problems
from gateway.auth import SigningKey, Viewer
from gateway.control.model import Poll
from gateway.refusal import Refused
from gateway.voter import VoterKeys

_PURPOSE = b"ovation receipt 1"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_MAX_CHARS = 512

Kind = Literal["vote", "withdrawal", "late", "ineligible", "network"]
"""What was taken: a vote or a withdrawal that may count, or one of which the gateway said at once that it does not.

`ineligible` is by the claims of the token, `network` by how many of its network have voted (gateway.votes.networks).
"""


class Receipt(msgspec.Struct, frozen=True, array_like=True):
    """What a receipt says, to a gateway. `ulid` is the vote's `receipt` in Kafka and ClickHouse, `at` epoch ms."""

    stream_id: str
    poll_id: str
    voter: str
    ulid: str
    kind: Kind
    at: int


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Receipt)


class Receipts:
    """Seals and opens receipts. The first of `secrets` seals, all of them open."""

    def __init__(self, secrets: Sequence[SigningKey], voters: VoterKeys) -> None:
        self._keys = [AESGCM(HKDF(SHA256(), 32, None, _PURPOSE).derive(each.secret)) for each in secrets]
        self._voters = voters

    def seal(self, receipt: Receipt) -> str:
        """Return the receipt as its viewer gets it."""
        nonce = urandom(_NONCE_BYTES)
        return _text(nonce + self._keys[0].encrypt(nonce, _encoder.encode(receipt), None))

    def open(self, text: str) -> Receipt:
        """Return what a receipt says. Raises Refused for what no gateway of this deployment has sealed."""
        sealed = _bytes(text)
        for key in self._keys:
            try:
                return _decoder.decode(key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None))
            except (InvalidTag, msgspec.MsgspecError):
                continue
        raise Refused(problems.UNKNOWN_RECEIPT)

    def shows(self, text: str, viewer: Viewer, poll: Poll) -> bool:
        """Return whether this is the receipt of a vote of this very viewer in this poll, so that it may see results.

        A withdrawal shows nothing, nor does what was late or not eligible; and once the poll's voter key is destroyed,
        nobody can say whose receipt it is.
        """
        try:
            receipt = self.open(text)
        except Refused:
            return False
        return (
            receipt.kind == "vote"
            and (receipt.stream_id, receipt.poll_id) == (poll.stream_id, poll.poll_id)
            and viewer.role == "viewer"
            and poll.voter_salt is not None
            and receipt.voter == self._voters.voter(poll, viewer.viewer_id)
        )


def _text(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    if len(text) <= _MAX_CHARS:
        try:
            sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            sealed = b""
        # The decoder forgives foreign characters and stray bits at the end; a receipt has only one spelling.
        if len(sealed) >= _NONCE_BYTES + _TAG_BYTES and _text(sealed) == text:
            return sealed
    raise Refused(problems.UNKNOWN_RECEIPT)
