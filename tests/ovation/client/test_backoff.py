from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ovation.client.backoff import FIRST_S, LONGEST_S, Backoff


@given(st.integers())
def test_waits_stay_below_a_bound_that_doubles(seed: int) -> None:
    backoff = Backoff(Random(seed))
    for number in range(12):
        assert 0 <= backoff.next() <= min(FIRST_S * 2**number, LONGEST_S)


def test_after_a_success_it_begins_again() -> None:
    backoff = Backoff(Random(1))
    for _ in range(10):
        backoff.next()
    backoff.reset()
    assert backoff.next() <= FIRST_S


def test_two_clients_do_not_come_back_together() -> None:
    one, other = Backoff(Random(1)), Backoff(Random(2))
    assert [one.next() for _ in range(5)] != [other.next() for _ in range(5)]
