import pytest

from ovation.audience.ledger import Attempt, Ballots
from ovation.audience.races import Races, racing


def vote(choice: str, sent_s: float, ended_s: float, receipt: str) -> Attempt:
    return Attempt((choice,), "acknowledged", sent_s, ended_s, receipt)


@pytest.fixture
def ballots() -> Ballots:
    """The account of one voter whose two votes were on their way together, and of two who waited for an answer."""
    found = Ballots(["1", "2"])
    for attempt in (vote("1", 0, 3, "a"), vote("2", 1, 2, "b")):
        found.note("races", attempt)
    for attempt in (vote("2", 0, 1, "c"), vote("1", 2, 3, "d")):
        found.note("waits", attempt)
    found.note("once", vote("2", 0, 1, "e"))
    return found


def test_only_votes_that_were_on_their_way_together_may_take_each_others_place(ballots: Ballots) -> None:
    assert racing(ballots) == {"1": 1, "2": 1}


def test_an_option_may_lose_as_many_votes_as_raced(ballots: Ballots) -> None:
    races = Races()
    assert races.take({"1": 0, "2": 2}, {"1": 1, "2": 1})
    assert races.unexplained(ballots) == []
    assert races.take({"1": 1, "2": 1}, {"1": 2, "2": 0})
    [said] = races.unexplained(ballots)
    assert said.startswith("option 2 lost 2 to others, and 1 voters")


def test_a_vote_that_goes_to_no_other_option_is_no_race() -> None:
    races = Races()
    assert not races.take({"1": 1, "2": 2}, {"1": 1, "2": 1})
    assert races.lost == {}
