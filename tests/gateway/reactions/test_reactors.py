import math

import pytest

from contracts.reactors import SAMPLE, bound
from gateway.reactions.reactors import Reactors, ReactorSamples

AT = 1_763_800_020_000
"""The beginning of a minute."""


def rows_of(samples: ReactorSamples, viewers: range, at_ms: int = AT, stream: str = "a") -> list[Reactors]:
    found = (samples.tapped(stream, f"viewer-{number}", at_ms) for number in viewers)
    return [each for each in found if each is not None]


def estimate(*told: Reactors) -> float:
    """What a query says of the rows that came of `told`."""
    level = max(each.level for each in told)
    return len({one for each in told for one in each.hashes if one < bound(level)}) * 2.0**level


def test_a_small_crowd_is_counted_exactly_and_each_viewer_named_once_a_minute() -> None:
    samples = ReactorSamples(b"s" * 32)
    first = rows_of(samples, range(SAMPLE))
    assert estimate(*first) == SAMPLE
    assert rows_of(samples, range(SAMPLE), AT + 59_999) == []
    assert estimate(*rows_of(samples, range(10), AT + 60_000)) == 10


@pytest.mark.parametrize("viewers", [3_000, 50_000])
def test_of_a_large_crowd_a_sample_says_how_many_it_is(viewers: int) -> None:
    told = rows_of(ReactorSamples(b"s" * 32), range(viewers))
    level = max(each.level for each in told)
    hashes = estimate(*told) / 2**level
    assert SAMPLE / 2 * 0.8 < hashes <= SAMPLE
    error = math.sqrt((1 - 2**-level) / hashes)
    assert abs(estimate(*told) / viewers - 1) < 4 * error
    assert sum(len(each.hashes) for each in told) < SAMPLE * (level + 1), "most of them are not named"


def test_gateways_sample_alike_so_that_their_crowds_add_up_and_viewers_of_both_count_once() -> None:
    one, other = ReactorSamples(b"s" * 32), ReactorSamples(b"s" * 32)
    both = rows_of(one, range(20_000)) + rows_of(other, range(15_000, 35_000))
    assert estimate(*both) == pytest.approx(35_000, rel=0.15)


def test_who_came_back_is_seen_in_the_samples_of_both_minutes() -> None:
    samples = ReactorSamples(b"s" * 32)
    minutes = [rows_of(samples, viewers, AT + n * 60_000) for n, viewers in enumerate((range(8_000), range(6_000)))]
    level = max(each.level for told in minutes for each in told)
    before, after = ({one for each in told for one in each.hashes if one < bound(level)} for told in minutes)
    assert len(before & after) / len(before) == pytest.approx(0.75, abs=0.08)


def test_a_hash_is_of_one_stream_and_one_secret() -> None:
    samples = ReactorSamples(b"s" * 32)
    hashes = [
        rows_of(samples, range(1))[0].hashes,
        rows_of(samples, range(1), stream="b")[0].hashes,
        rows_of(ReactorSamples(b"t" * 32), range(1))[0].hashes,
    ]
    assert len(set.union(*hashes)) == 3


def test_the_next_minute_of_a_large_crowd_begins_at_its_level() -> None:
    samples = ReactorSamples(b"s" * 32)
    level = max(each.level for each in rows_of(samples, range(50_000)))
    told = rows_of(samples, range(50_000), AT + 60_000)
    assert {each.level for each in told} <= {level - 1, level}
