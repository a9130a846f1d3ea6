"""The taps of a busy evening as gateways write them: one record per stream, gateway and flush."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import msgspec

from bench.batch.topic import Record
from contracts.reactors import HASH_BITS

START_MS = 1_763_800_000_000
FLUSH_MS = 25
GATEWAYS = (("eu", "gw-1"), ("us", "gw-2"))
EMOJIS = ("🔥", "👏", "😂", "❤️", "😮", "🎉", "👍", "😢")
_MADE = 4_096
"""Counts that are made once and taken again and again: choosing them takes longer than writing them."""


@dataclass(frozen=True, slots=True)
class Evening:
    """Taps of `streams` streams through two gateways, each of which writes a record of each stream in each flush.

    A record has the sums of `emojis` emojis; one in `reactors_in` names three reactors. One in `video_in` says where in
    the video all of its taps were made; 0 is none.
    """

    records: int = 5_000_000
    streams: int = 1_000
    emojis: int = 6
    reactors_in: int = 50
    video_in: int = 0

    @property
    def seconds(self) -> float:
        """How long the evening is, by the gateways' clocks."""
        return self.records / (self.streams * len(GATEWAYS)) * FLUSH_MS / 1000

    def names(self) -> list[str]:
        """Return the ids of the streams."""
        return [f"stream-{number}" for number in range(self.streams)]

    def taps(self) -> int:
        """Return how many taps there are in all of it."""
        sums = [taps for _, taps in self._counts()]
        whole, rest = divmod(self.records, _MADE)
        return whole * sum(sums) + sum(sums[:rest])

    def all(self) -> Iterator[Record]:
        """Yield every record, without a partition: Kafka's client chooses it by the key, the stream."""
        made = [counts for counts, _ in self._counts()]
        names = self.names()
        keys = [name.encode() for name in names]
        choose = Random(2)  # noqa: S311 - the same evening each time
        at, number = START_MS, 0
        while number < self.records:
            for region, edge in GATEWAYS:
                middle = f'","region":"{region}","edge":"{edge}","at":{at},"counts":'
                for name, key in zip(names[: self.records - number], keys, strict=False):
                    counts = made[number % _MADE]
                    tail = self._video(number, at, counts) + self._reactors(number, choose)
                    yield None, key, f'{{"v":1,"stream_id":"{name}{middle}{counts}{tail}}}'.encode()
                    number += 1
            at += FLUSH_MS

    def _counts(self) -> list[tuple[str, int]]:
        """Return counts as JSON, and how many taps they are."""
        choose = Random(1)  # noqa: S311
        found = []
        for _ in range(_MADE):
            counts = {emoji: choose.randint(1, 40) for emoji in choose.sample(EMOJIS, self.emojis)}
            found.append((msgspec.json.encode(counts).decode(), sum(counts.values())))
        return found

    def _video(self, number: int, at: int, counts: str) -> str:
        if not self.video_in or number % self.video_in:
            return ""
        return f',"video":{{"{(at - START_MS) // 1000}":{counts}}}'

    def _reactors(self, number: int, choose: Random) -> str:
        if not self.reactors_in or number % self.reactors_in:
            return ""
        hashes = ",".join(str(choose.getrandbits(HASH_BITS)) for _ in range(3))
        return f',"reactors":{{"level":0,"hashes":[{hashes}]}}'
