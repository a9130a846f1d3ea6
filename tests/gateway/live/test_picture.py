from hypothesis import given
from hypothesis import strategies as st

from gateway.live.picture import Picture
from gateway.live.tally import Tally


def test_totals_never_go_back() -> None:
    picture = Picture()
    assert picture.merge_totals({"🔥": 5, "👏": 1}, 100)
    assert not picture.merge_totals({"🔥": 4}, 200)
    assert picture.merge_totals({"🔥": 4, "👏": 2}, 300)
    assert picture.totals == {"🔥": 5, "👏": 2}
    assert picture.as_of == 300


def test_the_newest_window_stands() -> None:
    picture = Picture()
    assert picture.merge_window(1_000, {"🔥": 5}, 1)
    assert picture.merge_window(2_000, {"🔥": 1}, 2)
    assert not picture.merge_window(1_000, {"🔥": 9}, 3)
    assert not picture.merge_window(2_000, {"🔥": 1}, 4)
    assert picture.merge_window(2_000, {"👏": 1}, 5)
    assert (picture.window_start, picture.window, picture.as_of) == (2_000, {"🔥": 1, "👏": 1}, 5)


def test_a_tally_moves_by_version_even_when_a_vote_was_changed() -> None:
    picture = Picture()
    assert picture.merge_tally("p", Tally(votes={"1": 2}, version=2))
    assert picture.merge_tally("p", Tally(votes={"1": 1, "2": 1}, version=3))
    assert not picture.merge_tally("p", Tally(votes={"1": 2}, version=2))
    assert picture.tallies["p"].votes == {"1": 1, "2": 1}


@given(st.permutations([({"a": n, "b": n // 2}, n * 1_000) for n in range(1, 6)]))
def test_the_order_of_messages_does_not_matter(messages: list[tuple[dict[str, int], int]]) -> None:
    picture = Picture()
    for totals, start in messages + messages:
        picture.merge_totals(totals, start)
        picture.merge_window(start, totals, start)
    assert picture.totals == {"a": 5, "b": 2}
    assert picture.window_start == 5_000
    assert picture.window == {"a": 5, "b": 2}


def test_more_votes_are_no_news_while_a_bucket_is_behind() -> None:
    """So it is while an emptied Redis is filled: one bucket as the job has it, another as the history had it."""
    picture = Picture()
    assert picture.merge_tally("p", Tally(votes={"1": 4, "2": 6}, version=10, buckets={"eu:0": 5, "eu:7": 5}))
    assert not picture.merge_tally("p", Tally(votes={"1": 12}, version=12, buckets={"eu:0": 12}))
    assert not picture.merge_tally("p", Tally(votes={"1": 8, "2": 5}, version=13, buckets={"eu:0": 9, "eu:7": 4}))
    assert picture.tallies["p"].votes == {"1": 4, "2": 6}
    assert picture.merge_tally(
        "p", Tally(votes={"1": 8, "2": 6}, version=14, buckets={"eu:0": 9, "eu:7": 5, "eu:9": 0})
    )


def test_a_tally_of_nothing_is_no_news() -> None:
    assert not Picture().merge_tally("p", Tally(votes={}, version=0))
