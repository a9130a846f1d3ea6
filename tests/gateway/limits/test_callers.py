from gateway.limits.callers import Callers


def test_keeps_at_most_two_generations() -> None:
    callers = Callers(3)
    for number in range(100):
        callers.set(str(number), number)
        assert callers.get(str(number)) == number
        assert len(callers) <= 6


def test_who_comes_again_is_kept() -> None:
    callers = Callers(3)
    for number in range(100):
        callers.set(str(number), 1)
        callers.set("regular", number)
        assert callers.get("regular") == number


def test_forgets_the_older_half() -> None:
    callers = Callers(2)
    for name in "abcd":
        callers.set(name, 1)
    assert callers.get("a") == 1
    callers.set("e", 1)
    assert [callers.get(name) for name in "abcde"] == [0, 0, 1, 1, 1]


def test_a_known_caller_makes_no_room() -> None:
    callers = Callers(2)
    for name in "ab":
        callers.set(name, 1)
    callers.set("a", 2)
    assert (callers.get("a"), callers.get("b"), len(callers)) == (2, 1, 2)
