import base64
import os
from collections import Counter

import pytest

from contracts.buckets import BUCKETS, bucket, partition


def voters(count: int) -> list[str]:
    return [base64.urlsafe_b64encode(os.urandom(16))[:22].decode() for _ in range(count)]


def test_voters_spread_evenly() -> None:
    counts = Counter(map(bucket, voters(16_000)))
    assert set(counts) == set(range(BUCKETS))
    assert max(counts.values()) < 1.3 * min(counts.values())


@pytest.mark.parametrize("partitions", [1, 3, 4, 8, 16, 50])
def test_a_bucket_has_one_partition(partitions: int) -> None:
    pairs = {(bucket(voter), partition(voter, partitions)) for voter in voters(2_000)}
    assert len(pairs) == BUCKETS
    assert all(0 <= number < partitions for _, number in pairs)
