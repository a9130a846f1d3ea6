import pytest

from ovation.chaos.promises import broken
from ovation.verify.compare import Difference
from ovation.verify.numbers import InPoll, InWindow, Key, Span, Total
from ovation.verify.verdict import Verdict


def verdict(key: Key, **said: Span) -> Verdict:
    return Verdict("s", list(said), 1, [Difference(key, said)], [], 0.0)


@pytest.mark.parametrize(
    ("key", "ledger", "stored", "promise"),
    [
        (InPoll("p", "voters"), Span(5, 5), Span(4, 4), "I1"),
        (InPoll("p", "voters"), Span(5, 6), Span(7, 7), "I2"),
        (Total("🔥"), Span(5, 5), Span(4, 4), "I6"),
        (InWindow(0, "🔥"), Span(5, 6), Span(7, 7), "I5"),
    ],
)
def test_which_way_the_ledger_is_passed_says_what_is_broken(key: Key, ledger: Span, stored: Span, promise: str) -> None:
    [found] = broken([verdict(key, ledger=ledger, live=stored)], [], [])
    assert found.promise == promise
    assert "live" in str(found)


def test_stores_that_differ_within_what_the_ledger_allows_break_the_third() -> None:
    said = {"ledger": Span(4, 6), "live": Span(4, 4), "history": Span(5, 5)}
    [found] = broken([verdict(Total("🔥"), **said)], [], [])
    assert found.promise == "I3"


def test_steps_doubts_and_sums_break_theirs() -> None:
    does_not_add_up = Verdict("s", ["live"], 1, [], ["live: poll p received 3, which is not the sum"], 0.0)
    found = broken([does_not_add_up], ["2 votes of v stand, instead of one"], ["🔥 total from 5 to 4"])
    assert {each.promise for each in found} == {"I2", "I4", "I7"}


def test_nothing_is_broken_where_all_agree() -> None:
    assert broken([Verdict("s", ["live", "ledger"], 9, [], [], 0.0)], [], []) == []
