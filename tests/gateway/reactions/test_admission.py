import pytest

from contracts.limits import MAX_TAPS_PER_REQUEST
from gateway.reactions.admission import check
from gateway.refusal import Refused
from tests.gateway.records import stream


def test_returns_the_number_of_taps() -> None:
    assert check(stream(), {"🔥": 3, "👏": MAX_TAPS_PER_REQUEST}) == MAX_TAPS_PER_REQUEST + 3


@pytest.mark.parametrize(
    ("counts", "problem"),
    [
        ({}, "no-counts"),
        ({"😀": 1}, "unknown-emoji"),
        ({"🔥": 1, "😀": 1}, "unknown-emoji"),
        ({"🔥": 0}, "zero-count"),
        ({"🔥": -1}, "negative-count"),
        ({"🔥": MAX_TAPS_PER_REQUEST + 1}, "huge-count"),
        ({"🔥": 10**30}, "huge-count"),
    ],
)
def test_refuses(counts: dict[str, int], problem: str) -> None:
    with pytest.raises(Refused) as refused:
        check(stream(), counts)
    assert (refused.value.problem.name, refused.value.field) == (problem, "counts")
