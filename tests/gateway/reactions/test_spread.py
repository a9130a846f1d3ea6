from collections import Counter
from zlib import crc32

from gateway.reactions.spread import Spread

FLUSH_S = 0.025


class Gateway:
    """Flushes of one stream or several, by a clock that a test turns."""

    def __init__(self, partitions: int = 8, taps_per_s: int = 1_000) -> None:
        self.now = 0.0
        self.partitions = partitions
        self.spread = Spread(lambda: self.partitions, taps_per_s, lambda: self.now)

    def run(self, taps_per_s: float, seconds: float, stream: str = "final") -> Counter[int | None]:
        """Return how many records went to each partition; None is the stream's own."""
        chosen: Counter[int | None] = Counter()
        for _ in range(round(seconds / FLUSH_S)):
            self.now += FLUSH_S
            chosen[self.spread.partition(stream, round(taps_per_s * FLUSH_S))] += 1
        return chosen


def test_a_quiet_stream_stays_on_its_own_partition() -> None:
    assert set(Gateway().run(900, 60)) == {None}


def test_a_hot_one_goes_over_more_and_comes_back() -> None:
    gateway = Gateway()
    gateway.run(10, 5)
    gateway.run(3_500, 10)
    at_its_height = gateway.run(3_500, 5)
    own = crc32(b"final") % 8
    assert set(at_its_height) == {(own + turn) % 8 for turn in range(4)}
    assert max(at_its_height.values()) - min(at_its_height.values()) <= 1
    gateway.run(10, 15)
    assert set(gateway.run(10, 5)) == {None}


def test_it_is_noticed_within_two_seconds() -> None:
    gateway = Gateway()
    gateway.run(10, 5)
    gateway.run(1_000_000, 1)
    assert len(gateway.run(1_000_000, 1)) == 8


def test_it_uses_partitions_that_are_added_meanwhile() -> None:
    gateway = Gateway(partitions=4)
    gateway.run(100_000, 10)
    gateway.partitions = 8
    assert len(gateway.run(100_000, 2)) == 8


def test_one_stream_s_heat_is_not_another_s() -> None:
    gateway = Gateway()
    gateway.run(100_000, 10)
    assert set(gateway.run(100, 1, "quiet")) == {None}


def test_two_that_are_hot_at_once_both_go_over_more() -> None:
    gateway = Gateway()
    chosen: dict[str, Counter[int | None]] = {"one": Counter(), "other": Counter()}
    for _ in range(400):
        gateway.now += FLUSH_S
        for stream, of in chosen.items():
            of[gateway.spread.partition(stream, round(1_500 * FLUSH_S))] += 1
    for of in chosen.values():
        assert len(of.keys() - {None}) == 2


def test_streams_that_have_cooled_are_forgotten() -> None:
    gateway = Gateway()
    for number in range(1_000):
        gateway.spread.partition(f"stream-{number}", 10)
    gateway.now += 60
    gateway.run(10, 15)
    assert len(gateway.spread._heat) == 1


def test_it_can_be_turned_off() -> None:
    assert set(Gateway(taps_per_s=0).run(1_000_000, 5)) == {None}
