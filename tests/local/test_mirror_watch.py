import pytest

from local.mirror_watch import Standing

PATIENCE_S = 10.0


@pytest.mark.parametrize(
    ("looks", "stands"),
    [
        pytest.param([(5, 3, 0), (6, 3, 6), (7, 3, 12)], True, id="waits for something"),
        pytest.param([(5, 3, 0), (6, 3, 6), (6, 3, 11)], True, id="waits for what came only once"),
        pytest.param([(5, 3, 0), (5, 3, 6), (5, 3, 12)], False, id="nothing to bring"),
        pytest.param([(5, 3, 0), (6, 3, 6), (7, 4, 11), (8, 4, 17)], False, id="brings it, late"),
        pytest.param([(5, 3, 0), (5, 3, 60), (6, 3, 66)], False, id="something to bring after a long silence"),
    ],
)
def test_a_mirror_stands_where_something_has_waited_for_longer_than_it_may(
    looks: list[tuple[int, int, float]], stands: bool
) -> None:
    standing = Standing(PATIENCE_S)
    found = [standing.look(there, here, now) for there, here, now in looks]
    assert found == [False] * (len(looks) - 1) + [stands]


def test_one_that_could_not_be_looked_at_has_its_whole_time_again() -> None:
    standing = Standing(PATIENCE_S)
    standing.look(5, 3, 0)
    standing.look(6, 3, 9)
    standing.forget()
    assert not standing.look(7, 3, 11)
    assert not standing.look(8, 3, 20)
    assert standing.look(9, 3, 22)
