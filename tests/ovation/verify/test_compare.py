from hypothesis import given
from hypothesis import strategies as st

from ovation.verify.compare import compare, describe, sums
from ovation.verify.numbers import Account, InPoll, InWindow, Key, Span, Total, poll_numbers

FIRE, CLAP = "🔥", "👏"

keys: st.SearchStrategy[Key] = st.one_of(
    st.builds(Total, st.sampled_from([FIRE, CLAP])),
    st.builds(InWindow, st.integers(1, 5).map(lambda second: second * 1000), st.sampled_from([FIRE, CLAP])),
    st.builds(InPoll, st.just("p"), st.sampled_from(["option:1", "voters"])),
)
numbers = st.dictionaries(keys, st.integers(0, 100).map(Span.exactly), max_size=10)


def everything(name: str, said: dict[Key, Span], unanswered: dict[str, int] | None = None) -> Account:
    return Account(name, said, windows=None, unanswered=unanswered or {})


@given(numbers)
def test_accounts_that_say_the_same_agree(said: dict[Key, Span]) -> None:
    assert not compare([everything("a", said), everything("b", dict(said)), everything("c", dict(said))])


@given(numbers, keys, st.integers(1, 100))
def test_a_single_number_that_is_off_is_found(said: dict[Key, Span], key: Key, off: int) -> None:
    known = said.get(key, Span(0, 0))
    wrong = {**said, key: Span.exactly(known.low + off)}
    (difference,) = compare([everything("a", said), everything("b", wrong), everything("c", said)])
    assert difference.key == key
    assert difference.said == {"a": known, "b": Span.exactly(known.low + off), "c": known}


def test_a_number_that_only_one_account_has_is_zero_in_the_other() -> None:
    (difference,) = compare([everything("a", {Total(FIRE): Span.exactly(3)}), everything("b", {})])
    assert difference.said["b"] == Span(0, 0)


def test_an_account_is_not_asked_about_windows_that_it_does_not_know() -> None:
    history = everything("history", {InWindow(1000, FIRE): Span.exactly(3), InWindow(2000, FIRE): Span.exactly(4)})
    live = Account("live", {InWindow(2000, FIRE): Span.exactly(4)}, windows=frozenset({2000}))
    assert not compare([history, live])


def test_a_window_that_should_still_be_there_is_missed() -> None:
    history = everything("history", {InWindow(1000, FIRE): Span.exactly(3)})
    live = Account("live", {}, windows=frozenset({1000}))
    assert [each.key for each in compare([history, live])] == [InWindow(1000, FIRE)]


def test_a_span_agrees_with_every_number_in_it() -> None:
    for number, agrees in [(2, False), (3, True), (5, True), (6, False)]:
        found = compare(
            [everything("a", {Total(FIRE): Span(3, 5)}), everything("b", {Total(FIRE): Span.exactly(number)})]
        )
        assert (not found) == agrees


def test_unanswered_taps_may_be_in_any_window() -> None:
    ledger = everything("ledger", {InWindow(1000, FIRE): Span.exactly(3)}, unanswered={FIRE: 1})
    for said, agrees in [
        ({InWindow(1000, FIRE): 4}, True),
        ({InWindow(1000, FIRE): 3, InWindow(2000, FIRE): 1}, True),
        ({InWindow(1000, FIRE): 5}, False),
        ({InWindow(1000, FIRE): 3, InWindow(1000, CLAP): 1}, False),
    ]:
        history = everything("history", {key: Span.exactly(number) for key, number in said.items()})
        assert (not compare([ledger, history])) == agrees


def test_votes_and_their_outcomes_add_up() -> None:
    fields = {"voters": 5, "received": 12, "withdrawn": 2, "duplicate": 2, "late": 1, "invalid": 1, "ineligible": 1}
    assert not sums(everything("live", dict(poll_numbers("p", {"1": 5}, fields))))
    for name in fields:
        (sentence,) = sums(everything("live", dict(poll_numbers("p", {"1": 5}, {**fields, name: 0}))))
        assert sentence.startswith("live: poll p received "), name


def test_an_account_is_not_asked_about_polls_that_it_does_not_show() -> None:
    said: dict[Key, Span] = dict(poll_numbers("p", {"1": 5}, {"voters": 5, "received": 5}))
    history = everything("history", said)
    assert compare([history, Account("gateway", {}, polls=frozenset())]) == []
    assert {each.key for each in compare([history, Account("gateway", {})])} == {
        InPoll("p", name) for name in ("option:1", "voters", "received")
    }


def test_of_what_a_partial_account_lacks_it_says_nothing() -> None:
    history = everything("history", dict(poll_numbers("p", {"1": 5}, {"voters": 5, "received": 6, "late": 1})))
    said: dict[Key, Span] = {InPoll("p", "voters"): Span.exactly(5)}
    recount = Account("recount", said, partial=True)
    assert not compare([history, recount])
    assert not sums(recount)
    wrong = Account("recount", {InPoll("p", "voters"): Span.exactly(4)}, partial=True)
    assert [each.key for each in compare([history, wrong])] == [InPoll("p", "voters")]


def test_windows_add_up_to_totals_where_all_are_known() -> None:
    said: dict[Key, Span] = {
        InWindow(1000, FIRE): Span.exactly(3),
        InWindow(2000, FIRE): Span.exactly(4),
        Total(FIRE): Span.exactly(8),
    }
    assert sums(everything("history", said)) == ["history: 🔥 total 8, but its windows hold 7"]
    assert not sums(Account("live", said, windows=frozenset({1000, 2000})))


def test_numbers_have_names_for_people() -> None:
    assert describe(Total(FIRE)) == "🔥 total"
    assert describe(InWindow(1000, FIRE)) == "🔥 in window 1000"
    assert describe(InPoll("p", "option:1")) == "poll p option:1"
    assert [str(span) for span in (Span.exactly(3), Span(3, 5))] == ["3", "3-5"]
