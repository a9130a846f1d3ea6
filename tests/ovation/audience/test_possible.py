import random

from hypothesis import given
from hypothesis import strategies as st

from ovation.audience.ledger import Attempt, Ballots
from ovation.audience.possible import Standing, outcomes


def taken(option: str, receipt: str, sent_s: float, ended_s: float) -> Attempt:
    return Attempt((option,) if option else (), "acknowledged", sent_s, ended_s, receipt)


def told(*attempts: Attempt, allow_change: bool = False) -> dict[str, set[str]]:
    return outcomes(Ballots(["1", "2"], allow_change, {"v": list(attempts)}), "v")


def test_one_after_the_other_is_certain() -> None:
    votes = taken("1", "A", 0, 1), taken("2", "B", 2, 3), taken("", "C", 4, 5)
    assert told(*votes[:2]) == {"A": {"counted"}, "B": {"duplicate"}}
    assert told(*votes[:2], allow_change=True) == {"A": {"replaced"}, "B": {"counted"}}
    assert told(*votes, allow_change=True) == {"A": {"replaced"}, "B": {"replaced"}, "C": {"withdrawn"}}


def test_two_at_once_may_be_told_either() -> None:
    assert told(taken("1", "A", 0, 2), taken("2", "B", 1, 3)) == {each: {"counted", "duplicate"} for each in "AB"}


def test_a_vote_without_an_answer_casts_doubt_on_what_it_may_have_beaten() -> None:
    lost = Attempt(("1",), "unanswered", 0)
    assert told(lost, taken("2", "A", 1, 2)) == {"A": {"counted", "duplicate"}}
    assert told(taken("2", "A", 1, 2), Attempt(("1",), "unanswered", 3)) == {"A": {"counted"}}
    assert told(taken("2", "A", 1, 2), lost, allow_change=True) == {"A": {"counted", "replaced"}}


def test_a_vote_repeated_with_its_key_was_taken_before_its_first_answer() -> None:
    repeated = taken("1", "A", 0, 1), taken("1", "A", 4, 5)
    assert told(*repeated, taken("2", "B", 2, 3)) == {"A": {"counted"}, "B": {"duplicate"}}
    assert told(*reversed(repeated), taken("2", "B", 2, 3)) == {"A": {"counted"}, "B": {"duplicate"}}


def test_late_and_ineligible_votes_are_told_so() -> None:
    late, foreign = Attempt(("1",), "late", 4, 5, "L"), Attempt(("1",), "ineligible", 0, 1, "I")
    assert told(taken("1", "A", 0, 1), late) == {"A": {"counted"}, "L": {"late"}}
    assert told(foreign) == {"I": {"ineligible"}}


@st.composite
def histories(draw: st.DrawFn) -> list[Attempt]:
    """Votes that overlap as they like, some without an answer."""
    attempts = []
    for number in range(draw(st.integers(1, 5))):
        sent = draw(st.integers(0, 20))
        option = draw(st.sampled_from(["1", "2", ""]))
        if draw(st.booleans()):
            attempts.append(taken(option, str(number), sent, sent + draw(st.integers(1, 8))))
        else:
            attempts.append(Attempt((option,) if option else (), "unanswered", sent))
    return attempts


@given(histories(), st.booleans(), st.integers())
def test_whatever_really_happened_is_among_what_is_possible(
    attempts: list[Attempt], allow_change: bool, seed: int
) -> None:
    choose = random.Random(seed)
    stamped = []
    for each in attempts:
        if each.outcome == "acknowledged" or choose.random() < 0.5:
            end = each.sent_s + 30 if each.ended_s is None else each.ended_s
            stamped.append((choose.uniform(each.sent_s, end), each))
    standing = Standing.of(attempts, allow_change)
    if not stamped:
        assert standing.certain == 0
        return
    stands = (max if allow_change else min)(stamped, key=lambda pair: pair[0])[1]
    assert stands.choices in {entry.choices for entry in standing.candidates}
    known = outcomes(Ballots(["1", "2"], allow_change, {"v": attempts}), "v")
    for _, each in stamped:
        if each.receipt is not None:
            beaten = "replaced" if allow_change else "duplicate"
            stood = "counted" if each.choices else "withdrawn"
            assert (stood if each is stands else beaten) in known[each.receipt]
