from contracts.limits import MAX_VIDEO_SECONDS_PER_RECORD
from contracts.reactors import bound
from gateway.reactions.aggregate import Aggregate
from gateway.reactions.reactors import Reactors

AT = 1_763_800_000_100


def test_adds_up_by_stream_window_and_emoji() -> None:
    aggregate = Aggregate(100)
    aggregate.add("a", AT, {"🔥": 1, "👏": 2})
    aggregate.add("a", AT + 5, {"🔥": 3})
    aggregate.add("b", AT, {"🔥": 7})
    aggregate.add("a", AT + 1_000, {"🔥": 1})
    sums = aggregate.take(10)
    assert [(each.stream_id, each.at_ms, each.counts) for each in sums] == [
        ("a", AT, {"🔥": 4, "👏": 2}),
        ("b", AT, {"🔥": 7}),
        ("a", AT + 1_000, {"🔥": 1}),
    ]
    assert not aggregate
    assert aggregate.waiting == 0


def test_a_sum_is_stamped_within_its_window() -> None:
    aggregate = Aggregate(100)
    aggregate.add("a", 1_763_800_000_999, {"🔥": 1})
    aggregate.add("a", 1_763_800_001_000, {"🔥": 1})
    assert [each.at_ms for each in aggregate.take(10)] == [1_763_800_000_999, 1_763_800_001_000]


def test_gives_the_oldest_first_and_no_more_than_asked() -> None:
    aggregate = Aggregate(100)
    for second in range(5):
        aggregate.add("a", AT + second * 1_000, {"🔥": 1})
    assert [each.at_ms for each in aggregate.take(2)] == [AT, AT + 1_000]
    assert aggregate.waiting == 3


def test_a_full_one_takes_all_of_a_request_or_nothing() -> None:
    aggregate = Aggregate(2)
    assert aggregate.add("a", AT, {"🔥": 1})
    assert not aggregate.add("a", AT, {"👏": 1, "😀": 1})
    assert aggregate.waiting == 1
    assert aggregate.taps == 1


def test_a_full_one_still_adds_to_the_sums_that_it_has() -> None:
    aggregate = Aggregate(1)
    assert aggregate.add("a", AT, {"🔥": 1})
    assert aggregate.add("a", AT, {"🔥": 1})
    assert not aggregate.add("b", AT, {"🔥": 1})
    assert aggregate.taps == 2


def test_what_is_put_back_is_added_to_what_came_since() -> None:
    aggregate = Aggregate(1)
    aggregate.add("a", AT, {"🔥": 2})
    taken = aggregate.take(1)[0]
    aggregate.add("a", AT + 1, {"🔥": 1})
    aggregate.put_back(taken)
    assert [each.counts for each in aggregate.take(9)] == [{"🔥": 3}]
    assert aggregate.waiting == 0


def test_what_came_in_is_not_the_callers_dict() -> None:
    aggregate, counts = Aggregate(9), {"🔥": 1}
    aggregate.add("a", AT, counts)
    aggregate.add("a", AT, counts)
    assert counts == {"🔥": 1}


def test_seconds_of_the_video_have_their_share_of_what_waits() -> None:
    aggregate = Aggregate(5)
    assert aggregate.add("a", AT, {"🔥": 1}, 7)
    assert aggregate.add("a", AT, {"🔥": 2}, 7)
    assert aggregate.add("a", AT, {"🔥": 1, "👏": 1}, 8)
    assert aggregate.waiting == 5
    assert not aggregate.add("a", AT, {"🔥": 1}, 9)
    assert aggregate.add("a", AT, {"🔥": 1})
    [taken] = aggregate.take(9)
    assert (taken.counts, taken.video) == ({"🔥": 5, "👏": 1}, {7: {"🔥": 3}, 8: {"🔥": 1, "👏": 1}})
    assert aggregate.waiting == 0


def test_no_sum_is_spread_over_more_of_the_video_than_a_record_may_be() -> None:
    aggregate = Aggregate(10_000)
    for second in range(MAX_VIDEO_SECONDS_PER_RECORD + 5):
        aggregate.add("a", AT, {"🔥": 1}, second)
    full, rest = aggregate.take(9)
    assert [len(each.video or {}) for each in (full, rest)] == [MAX_VIDEO_SECONDS_PER_RECORD, 5]
    assert full.taps + rest.taps == MAX_VIDEO_SECONDS_PER_RECORD + 5
    aggregate.add("a", AT, {"🔥": 1}, 999)
    aggregate.put_back(full)
    aggregate.put_back(rest)
    assert aggregate.waiting == MAX_VIDEO_SECONDS_PER_RECORD + 1 + 6 + 1
    assert sorted(len(each.video or {}) for each in aggregate.take(9)) == [6, MAX_VIDEO_SECONDS_PER_RECORD]
    assert not aggregate
    assert aggregate.waiting == 0


def test_what_is_put_back_full_grows_no_further() -> None:
    aggregate = Aggregate(10_000)
    for second in range(MAX_VIDEO_SECONDS_PER_RECORD):
        aggregate.add("a", AT, {"🔥": 1}, second)
    [full] = aggregate.take(9)
    aggregate.put_back(full)
    aggregate.add("a", AT, {"🔥": 1}, 999)
    waiting = aggregate.waiting
    assert [len(each.video or {}) for each in aggregate.take(9)] == [MAX_VIDEO_SECONDS_PER_RECORD, 1]
    assert waiting == MAX_VIDEO_SECONDS_PER_RECORD + 1 + 2
    assert not aggregate
    assert aggregate.waiting == 0


def test_reactors_are_merged_at_the_higher_level() -> None:
    aggregate = Aggregate(9)
    aggregate.add("a", AT, {"🔥": 1}, reactors=Reactors(0, {1, bound(2)}))
    aggregate.add("a", AT, {"🔥": 1}, reactors=Reactors(2, {5}))
    [taken] = aggregate.take(9)
    assert taken.reactors == Reactors(2, {1, 5})
    aggregate.put_back(taken)
    assert aggregate.take(9) == [taken]
