from gateway.reactions.aggregate import Aggregate

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
