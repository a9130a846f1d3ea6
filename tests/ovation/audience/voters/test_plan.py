from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovation.audience.voters.plan import Casting, Voters, VotingPlan

shares = st.floats(0, 1)


def test_the_same_seed_does_the_same() -> None:
    plan = VotingPlan(voters=200, gateways=3)
    assert list(Voters(plan).in_time()) == list(Voters(plan).in_time())
    assert list(Voters(plan).in_time()) != list(Voters(VotingPlan(voters=200, gateways=3, seed=2)).in_time())


@given(st.integers(1, 300), shares, shares, shares, shares, shares)
def test_shares_are_of_the_voters(
    number: int, retries: float, changes: float, withdrawals: float, late: float, ineligible: float
) -> None:
    plan = VotingPlan(number, 100, retries, changes, withdrawals, late, ineligible, gateways=2)
    voters = Voters(plan)
    in_time, too_late = list(voters.in_time()), list(voters.after_the_deadline())
    entitled = number - round(number * ineligible)
    assert len(voters.ineligible) == round(number * ineligible)
    assert len(too_late) == min(round(number * late), entitled)
    assert not voters.ineligible & {each.voter for each in too_late}
    assert {each.voter for each in in_time} | {each.voter for each in too_late} == set(range(number))
    castings = [casting for each in in_time for casting in each.castings]
    # Who comes only late does nothing in time; the shares are drawn from those who do.
    possible = entitled - (len(too_late) + 1) // 2
    assert sum(casting.retry is not None for casting in castings) == min(round(number * retries), possible)
    assert sum(casting.option is None for casting in castings) == min(round(number * withdrawals), possible)


def test_the_rate_is_that_of_all_votes() -> None:
    plan = VotingPlan(voters=2_000, votes_per_second=100, retries=0.5, changes=0.5)
    planned = list(Voters(plan).in_time())
    sent = sum(1 if casting.retry is None else 2 for each in planned for casting in each.castings)
    assert planned[-1].at_s == pytest.approx(sent / 100, abs=0.1)


def test_half_of_what_is_sent_again_goes_elsewhere_and_half_has_the_same_key() -> None:
    castings = [each.castings[0] for each in Voters(VotingPlan(voters=4_000, retries=1, gateways=3)).in_time()]
    kinds = Counter(
        (casting.retry.gateway != casting.gateway, casting.retry.same_key, casting.retry.at_once)
        for casting in castings
        if casting.retry is not None
    )
    assert len(kinds) == 8
    assert all(number == pytest.approx(500, rel=0.25) for number in kinds.values())
    assert {casting.gateway for casting in castings} == {0, 1, 2}


def test_with_one_gateway_there_is_no_other() -> None:
    castings = [each.castings[0] for each in Voters(VotingPlan(voters=100, retries=1, ineligible=0)).in_time()]
    assert {casting.retry and casting.retry.gateway for casting in castings} == {0}


def test_every_voter_votes_before_changing_anything() -> None:
    planned = list(Voters(VotingPlan(voters=500, changes=0.5, withdrawals=0.5)).in_time())
    assert all(each.castings[0].option is not None for each in planned)
    assert Counter(len(each.castings) for each in planned).keys() == {1, 2, 3}


def test_the_poll_allows_what_is_planned() -> None:
    assert not VotingPlan(changes=0, withdrawals=0).allow_change
    assert VotingPlan(changes=0, withdrawals=0.1).allow_change
    assert VotingPlan(changes=0.1, withdrawals=0).allow_change
    assert not VotingPlan(changes=0.1, withdrawals=0).allow_withdraw


def test_a_withdrawal_has_no_option() -> None:
    plan = VotingPlan(voters=10, withdrawals=1, changes=0, retries=0, late=0, ineligible=0)
    assert [each.castings[1:] for each in Voters(plan).in_time()] == [(Casting(None, 0),)] * 10
