from typing import cast

from gateway.live.group import Group
from gateway.live.screen import Stage
from gateway.live.screens import Screens
from tests.gateway.live.paper import Paper


def nowhere() -> Screens:
    """Return screens to which nothing is pushed."""
    return Screens(lambda interval_s: Group(interval_s, {}, lambda _stale, _shown: None))


def screen(interval_s: float = 0.05, *, is_viewer: bool = True) -> Paper:
    return Paper(cast(Stage, None), interval_s=interval_s, is_viewer=is_viewer)


def test_who_has_voted_is_news_once() -> None:
    screens, voter, other = nowhere(), screen(), screen()
    screens.add(voter)
    screens.add(other)
    assert [screens.vote(voter, "best"), screens.vote(voter, "best")] == [True, False]
    assert (screens.voted("best"), screens.voted("other")) == ({voter}, set())


def test_who_has_left_is_forgotten() -> None:
    screens, voter = nowhere(), screen()
    screens.add(voter)
    screens.vote(voter, "best")
    assert [screens.leave(voter), screens.leave(voter)] == [True, False]
    assert (list(screens.groups), screens.voted("best")) == ([], set())
    # Its vote may be answered after it left.
    assert not screens.vote(voter, "best")


def test_screens_of_one_interval_are_a_group_and_overlays_are_no_viewers() -> None:
    screens = nowhere()
    quick, slow, overlay = screen(), screen(1), screen(1, is_viewer=False)
    for each in (quick, slow, overlay):
        screens.add(each)
    assert sorted(len(group.screens) for group in screens.groups) == [1, 2]
    assert screens.viewers == 2
    screens.leave(overlay)
    screens.leave(slow)
    assert ([group.screens for group in screens.groups], screens.viewers) == ([{quick}], 1)
