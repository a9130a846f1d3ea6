"""Chooses the viewers who are named in the history as having tapped in a minute: `contracts.reactors` says which."""

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache

from contracts.reactors import HASH_BITS, MAX_LEVEL, SAMPLE, bound
from contracts.windows import MINUTE_MS

_REMEMBERED = 50_000
"""Viewers whose hash is kept: who taps once taps a hundred times."""


@lru_cache(_REMEMBERED)
def _reactor(key: bytes, viewer_id: str) -> int:
    """Return what a viewer is called in the history of the stream whose key it is."""
    # A keyed BLAKE2b is as good a secret as an HMAC, in a third of the time (RFC 7693, section 2.9).
    digest = hashlib.blake2b(viewer_id.encode(), digest_size=8, key=key).digest()
    return int.from_bytes(digest) >> (64 - HASH_BITS)


@dataclass(slots=True)
class Reactors:
    """Hashes of viewers, kept at one level."""

    level: int
    hashes: set[int]

    def merge(self, other: "Reactors") -> None:
        """Take in those of another sample."""
        self.hashes |= other.hashes
        if self.level != other.level:
            self.level = max(self.level, other.level)
            below = bound(self.level)
            self.hashes = {each for each in self.hashes if each < below}


@dataclass(slots=True)
class _Minute:
    key: bytes
    number: int
    level: int
    kept: set[int] = field(default_factory=set)

    def keep(self, reactor: int) -> Reactors | None:
        """Return what is new to the sample."""
        if reactor >= bound(self.level) or reactor in self.kept:
            return None
        self.kept.add(reactor)
        if len(self.kept) <= SAMPLE or self.level == MAX_LEVEL:
            return Reactors(self.level, {reactor})
        while len(self.kept) > SAMPLE and self.level < MAX_LEVEL:
            self.level += 1
            below = bound(self.level)
            self.kept = {each for each in self.kept if each < below}
        # One of them is said again, with the new level: perhaps nobody comes any more who is below it.
        return Reactors(self.level, set(sorted(self.kept)[:1]))


class ReactorSamples:
    """The samples of this minute, by stream. `secret` hides identities, and is the same on every gateway."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._minutes: dict[str, _Minute] = {}
        self._newest = 0

    def tapped(self, stream_id: str, viewer_id: str, at_ms: int) -> Reactors | None:
        """Return what a viewer's taps add to the sample of the minute; most often, nothing."""
        number = at_ms // MINUTE_MS
        minute = self._minutes.get(stream_id)
        if minute is None or minute.number != number:
            minute = self._begin(stream_id, number, minute)
        return minute.keep(_reactor(minute.key, viewer_id))

    def _begin(self, stream_id: str, number: int, before: _Minute | None) -> _Minute:
        if number > self._newest:
            # Streams that nobody taps any more are forgotten.
            self._newest = number
            self._minutes = {key: each for key, each in self._minutes.items() if each.number >= number - 1}
        if before is None:
            minute = _Minute(hmac.digest(self._secret, f"reactors|{stream_id}".encode(), "sha256"), number, 0)
        else:
            # A crowd is about as large as a minute ago: starting at its level spares naming it all twice over.
            minute = _Minute(before.key, number, max(0, before.level - (len(before.kept) < SAMPLE // 2)))
        self._minutes[stream_id] = minute
        return minute
