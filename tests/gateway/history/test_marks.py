from kafka import TopicPartition

from gateway.history.marks import MOST_MARKS, Mark, Marks

ONE, TWO = TopicPartition("votes", 0), TopicPartition("votes", 1)


def test_it_is_behind_since_the_oldest_mark_that_is_not_passed_in_every_partition() -> None:
    marks = Marks()
    for at in (1_000, 2_000, 3_000):
        marks.note(Mark(at, {ONE: at, TWO: at * 2}))
    assert marks.behind_since({ONE: 1_000, TWO: 1_999}) == 1_000
    assert marks.behind_since({ONE: 1_999, TWO: 9_000}) == 2_000
    assert marks.behind_since({ONE: 3_000}) == 2_000
    assert marks.behind_since({ONE: 3_000, TWO: 6_000}) is None


def test_a_mark_that_says_nothing_new_is_not_kept() -> None:
    marks = Marks()
    for at in range(1_000, 100_000, 1_000):
        marks.note(Mark(at, {ONE: 7}))
    assert len(marks) == 1
    assert marks.behind_since({ONE: 6}) == 1_000


def test_a_day_without_the_history_is_remembered_in_bounded_memory_and_to_a_hundredth() -> None:
    marks, day = Marks(), 24 * 3_600
    longest = 0
    for second in range(day):
        marks.note(Mark(second * 1_000, {ONE: second}))
        longest = max(longest, len(marks))
    assert longest <= MOST_MARKS
    for passed in range(0, day, 977):
        since = marks.behind_since({ONE: passed})
        wrong_s = (since if since is not None else day * 1_000) / 1_000 - passed
        assert 0 <= wrong_s <= day / 100
    assert marks.behind_since({ONE: day}) is None
    marks.note(Mark(day * 1_000, {ONE: day + 1}))
    marks.note(Mark(day * 1_000 + 1_000, {ONE: day + 2}))
    assert len(marks) == 2
