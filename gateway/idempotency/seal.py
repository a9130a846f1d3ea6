"""Keeps secret what Redis holds for a day: answers with tokens, API keys and receipts in them, and whose they are."""

import hmac
import os
from base64 import urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class Seal:
    """Seals with AES-256-GCM and names with HMAC-SHA256, by keys that HKDF (RFC 5869) derives from one secret.

    The secret is that of the voters, because it is not rotated: by another one, no gateway would find a day's answers.
    """

    def __init__(self, secret: bytes) -> None:
        self._aead = AESGCM(_derive(secret, b"ovation idempotency seal"))
        self._names = _derive(secret, b"ovation idempotency names")

    def close(self, plain: bytes, place: str) -> bytes:
        """Return `plain` sealed; it opens at the same `place` only. Sealing twice gives two different texts."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed. Raises ValueError for anything else."""
        try:
            return self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
        except InvalidTag as error:
            raise ValueError("not sealed here") from error

    def digest(self, *parts: bytes) -> bytes:
        """Return 32 bytes that stand for the parts, and by which nobody without the secret can guess at them."""
        lengths = b"".join(len(part).to_bytes(4) for part in parts)
        return hmac.digest(self._names, lengths + b"".join(parts), "sha256")

    def name(self, *parts: bytes) -> str:
        """Return the digest as 43 characters."""
        return urlsafe_b64encode(self.digest(*parts)).rstrip(b"=").decode()


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)
