from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovation.audience.plan import Plan, http_viewers, taps, votes


def test_the_same_seed_does_the_same() -> None:
    plan = Plan(taps_per_s=100, seconds=2, voters=50, seed=7)
    assert list(taps(plan)) == list(taps(plan))
    assert list(votes(plan)) == list(votes(plan))
    assert http_viewers(plan) == http_viewers(plan)


def test_another_seed_does_something_else() -> None:
    one, other = (Plan(taps_per_s=100, seconds=2, seed=seed) for seed in (1, 2))
    assert list(taps(one)) != list(taps(other))


@given(rate=st.integers(1, 500), seconds=st.integers(1, 5))
def test_taps_are_evenly_spaced(rate: int, seconds: int) -> None:
    times = [tap.at_s for tap in taps(Plan(taps_per_s=rate, seconds=seconds))]
    assert len(times) == rate * seconds
    assert times == pytest.approx([number / rate for number in range(rate * seconds)])


def test_without_an_end_taps_go_on() -> None:
    last = list(islice(taps(Plan(taps_per_s=10, seconds=None)), 1_000))[-1]
    assert last.at_s == pytest.approx(99.9)


def test_nobody_taps_at_a_rate_of_zero() -> None:
    assert not list(taps(Plan(taps_per_s=0, seconds=None)))


def test_every_viewer_and_emoji_has_its_turn() -> None:
    plan = Plan(taps_per_s=1_000, seconds=5, viewers=20)
    planned = list(taps(plan))
    assert {tap.viewer for tap in planned} == set(range(20))
    assert {tap.emoji for tap in planned} == set(plan.emojis)


@given(voters=st.integers(0, 300), share=st.floats(0, 1))
def test_each_voter_votes_and_a_share_of_them_twice(voters: int, share: float) -> None:
    planned = list(votes(Plan(voters=voters, double_vote_share=share)))
    assert [vote.voter for vote in planned] == list(range(voters))
    assert sum(vote.second is not None for vote in planned) == round(voters * share)
    assert all(0 <= vote.at_s < 60 for vote in planned)


def test_double_votes_come_at_once_and_one_after_the_other() -> None:
    doubles = [vote for vote in votes(Plan(voters=100, double_vote_share=1)) if vote.second is not None]
    assert {vote.at_once for vote in doubles} == {True, False}


def test_a_share_of_the_viewers_has_no_socket() -> None:
    assert len(http_viewers(Plan(viewers=50, http_share=0.2))) == 10
