"""Frames of taps as clients send them, made before they are due."""

import os
from collections.abc import Sequence

import msgspec

_TEXT = 0x81
_MASKED = 0x80
_TWO_BYTES = 126


def masked(text: bytes) -> bytes:
    """Return a client's text frame (RFC 6455, section 5.2): its payload is masked with four random bytes."""
    length, key = len(text), os.urandom(4)
    size = bytes((_MASKED | length,)) if length < _TWO_BYTES else b"\xfe" + length.to_bytes(2, "big")
    return bytes((_TEXT,)) + size + key + bytes(byte ^ key[place % 4] for place, byte in enumerate(text))


def react(counts: dict[str, int]) -> bytes:
    """Return the frame with which a viewer sends these taps."""
    return masked(msgspec.json.encode({"type": "react", "counts": counts}))


def batches(emojis: Sequence[str], taps: int) -> list[bytes]:
    """Return, for each emoji, the frame with so many taps of it."""
    return [react({emoji: taps}) for emoji in emojis]
