from collections.abc import Sequence

from ovation.audience.ledger import Attempt, Ballots, Stream
from ovation.verify.ledger_account import account
from ovation.verify.numbers import InPoll, InWindow, Span, Total

FIRE = "🔥"


def taken(option: str, receipt: str, sent_s: float, ended_s: float) -> Attempt:
    return Attempt((option,) if option else (), "acknowledged", sent_s, ended_s, receipt)


def votes(
    *voters: Sequence[Attempt], allow_change: bool = False, told: dict[str, str] | None = None
) -> dict[str, Span]:
    known = {str(number): list(attempts) for number, attempts in enumerate(voters)}
    numbers = account(Stream(polls={"p": Ballots(["1", "2"], allow_change, known, told or {})})).numbers
    return {key.field: span for key, span in numbers.items() if isinstance(key, InPoll)}


def test_acknowledged_taps_are_certain() -> None:
    stream = Stream()
    for window in (1000, 1000, 2000):
        stream.taps.acknowledge(window, FIRE)
    said = account(stream)
    assert said.says(Total(FIRE)) == Span.exactly(3)
    assert said.says(InWindow(1000, FIRE)) == Span.exactly(2)
    assert said.says(InWindow(3000, FIRE)) == Span.exactly(0)


def test_unanswered_taps_may_count() -> None:
    stream = Stream()
    stream.taps.acknowledge(1000, FIRE)
    stream.taps.leave_open(FIRE)
    said = account(stream)
    assert said.says(Total(FIRE)) == Span(1, 2)
    assert said.says(InWindow(1000, FIRE)) == Span(1, 2)
    assert said.says(InWindow(2000, FIRE)) == Span(0, 1)


def test_the_first_vote_of_a_voter_counts() -> None:
    said = votes([taken("1", "A", 0, 1), taken("2", "B", 2, 3)], [taken("2", "C", 0, 1)])
    assert said["option:1"] == Span.exactly(1)
    assert said["option:2"] == Span.exactly(1)
    assert said["voters"] == Span.exactly(2)
    assert said["received"] == Span.exactly(3)
    assert said["duplicate"] == Span.exactly(1)


def test_where_votes_may_change_the_last_one_counts() -> None:
    said = votes([taken("1", "A", 0, 1), taken("2", "B", 2, 3)], allow_change=True)
    assert (said["option:1"], said["option:2"]) == (Span.exactly(0), Span.exactly(1))
    assert (said["replaced"], said["duplicate"]) == (Span.exactly(1), Span.exactly(0))


def test_a_vote_that_was_taken_back_leaves_no_ballot() -> None:
    said = votes([taken("1", "A", 0, 1), taken("", "B", 2, 3)], [taken("2", "C", 0, 1)], allow_change=True)
    assert (said["voters"], said["withdrawn"], said["replaced"]) == tuple(map(Span.exactly, (1, 1, 1)))
    assert said["option:1"] == Span.exactly(0)


def test_of_two_votes_at_once_either_counts_until_the_gateway_is_asked() -> None:
    both = [taken("1", "A", 0, 2), taken("2", "B", 1, 3)]
    said = votes(both)
    assert (said["option:1"], said["option:2"]) == (Span(0, 1), Span(0, 1))
    assert (said["voters"], said["duplicate"]) == (Span.exactly(1), Span.exactly(1))
    asked = votes(both, told={"0": "B"})
    assert (asked["option:1"], asked["option:2"]) == (Span.exactly(0), Span.exactly(1))


def test_a_vote_repeated_with_its_key_is_one_vote() -> None:
    said = votes([taken("1", "A", 0, 1), taken("1", "A", 2, 3)])
    assert (said["received"], said["duplicate"]) == (Span.exactly(1), Span.exactly(0))


def test_late_and_ineligible_votes_have_their_own_numbers() -> None:
    late = Attempt(("2",), "late", 4, 5, "L")
    said = votes([taken("1", "A", 0, 1), late], [late], [Attempt(("1",), "ineligible", 0, 1, "I")])
    assert (said["late"], said["ineligible"]) == (Span.exactly(2), Span.exactly(1))
    assert (said["voters"], said["received"]) == (Span.exactly(1), Span.exactly(4))
    assert said["option:2"] == Span.exactly(0)


def test_a_vote_sent_again_after_no_answer_is_as_certain_as_one() -> None:
    said = votes([Attempt(("1",), "unanswered", 0), taken("1", "A", 1, 2)])
    assert said["option:1"] == Span.exactly(1)
    assert said["voters"] == Span.exactly(1)
    assert said["received"] == Span(1, 2)
    assert said["duplicate"] == Span(0, 1)


def test_an_unanswered_vote_for_something_else_leaves_both_open() -> None:
    said = votes([Attempt(("1",), "unanswered", 0), taken("2", "A", 1, 2)])
    assert said["option:1"] == Span(0, 1)
    assert said["option:2"] == Span(0, 1)
    assert said["voters"] == Span.exactly(1)


def test_a_vote_that_came_after_the_answer_to_another_is_not_the_first() -> None:
    said = votes([taken("2", "A", 0, 1), Attempt(("1",), "unanswered", 2)])
    assert (said["option:1"], said["option:2"]) == (Span.exactly(0), Span.exactly(1))
    assert said["duplicate"] == Span(0, 1)


def test_a_voter_without_any_answer_may_have_voted_or_come_too_late() -> None:
    said = votes([Attempt(("1",), "unanswered", 0)])
    assert {name: span for name, span in said.items() if span != Span(0, 0)} == dict.fromkeys(
        ("option:1", "voters", "received", "late", "ineligible"), Span(0, 1)
    )


def test_a_refused_vote_counts_nowhere() -> None:
    assert set(votes([Attempt(("1",), "refused", 0, 1)]).values()) == {Span(0, 0)}
