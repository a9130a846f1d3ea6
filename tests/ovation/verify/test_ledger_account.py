from collections.abc import Sequence

from ovation.audience.ledger import Attempt, Ballots, Stream
from ovation.verify.ledger_account import account
from ovation.verify.numbers import InPoll, InWindow, Span, Total

FIRE = "🔥"


def acknowledged(option: str, receipt: str) -> Attempt:
    return Attempt(option, "acknowledged", receipt)


def votes(*voters: Sequence[Attempt]) -> dict[str, Span]:
    ballots = Ballots(["1", "2"], {str(number): list(attempts) for number, attempts in enumerate(voters)})
    numbers = account(Stream(polls={"p": ballots})).numbers
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


def test_the_smallest_receipt_of_a_voter_counts() -> None:
    said = votes([acknowledged("2", "B"), acknowledged("1", "A")], [acknowledged("2", "C")])
    assert said["option:1"] == Span.exactly(1)
    assert said["option:2"] == Span.exactly(1)
    assert said["voters"] == Span.exactly(2)
    assert said["received"] == Span.exactly(3)
    assert said["duplicate"] == Span.exactly(1)


def test_a_vote_sent_again_after_no_answer_is_as_certain_as_one() -> None:
    said = votes([Attempt("1", "unanswered"), acknowledged("1", "A")])
    assert said["option:1"] == Span.exactly(1)
    assert said["voters"] == Span.exactly(1)
    assert said["received"] == Span(1, 2)
    assert said["duplicate"] == Span(0, 1)


def test_an_unanswered_vote_for_something_else_leaves_both_open() -> None:
    said = votes([Attempt("1", "unanswered"), acknowledged("2", "A")])
    assert said["option:1"] == Span(0, 1)
    assert said["option:2"] == Span(0, 1)
    assert said["voters"] == Span.exactly(1)


def test_a_voter_without_any_answer_may_have_voted() -> None:
    said = votes([Attempt("1", "unanswered")])
    assert said["option:1"] == Span(0, 1)
    assert said["voters"] == Span(0, 1)
    assert said["received"] == Span(0, 1)
    assert said["duplicate"] == Span(0, 1)


def test_a_refused_vote_counts_nowhere() -> None:
    said = votes([Attempt("1", "refused")])
    assert {said[name] for name in ("option:1", "option:2", "voters", "received", "duplicate")} == {Span(0, 0)}
