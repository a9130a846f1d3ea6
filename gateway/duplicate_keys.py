"""Whether an object has the same key twice (RFC 8259, section 4, leaves open which one counts).

msgspec takes the last of them, another reader before the gateway may take the first, and then both have read something
else. Almost every body is cleared by one look: where no two strings are the same, no two keys are.
"""

import json
from typing import Any


class DuplicateKeyError(ValueError):
    """Says which key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def refuse_duplicate_keys(raw: bytes | str) -> None:
    """Raise DuplicateKeyError if an object in `raw`, which is JSON, has a key twice, however it is spelled."""
    if _may_have_some(raw):
        # Numbers stay texts: one of a million digits must cost nothing.
        json.loads(raw, object_pairs_hook=_no_two, parse_int=len, parse_float=len, parse_constant=len)


def _may_have_some(raw: bytes | str) -> bool:
    # Without escapes every second quote opens a string.
    if isinstance(raw, str):
        return "\\" in raw or _has_same(raw.split('"')[1::2])
    return b"\\" in raw or _has_same(raw.split(b'"')[1::2])


def _has_same(strings: list[str] | list[bytes]) -> bool:
    return len(set(strings)) < len(strings)


def _no_two(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise DuplicateKeyError(key)
        seen.add(key)
