"""What happens between two lots of a push, here of one screen each: no screen's numbers go back."""

import asyncio
from typing import Any

import pytest

from gateway.live import group
from gateway.live.message import News
from tests.gateway.live.paper import Paper
from tests.gateway.live.test_hub import Setup
from tests.gateway.records import stream


@pytest.fixture(autouse=True)
def _one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "_AT_ONCE", 1)


class Crowd:
    """Two screens, of which `first` is shown news in the first lot, and `last` in the last."""

    def __init__(self) -> None:
        self.setup = Setup(results="after_vote")
        self.setup.tally(1)
        for screen in [Paper(self.setup.hub) for _ in range(2)]:
            self.setup.hub.join(screen)
            screen.paper.lines.clear()
        [all_of_them] = self.setup.hub.screens.groups
        screens: list[Any] = list(all_of_them.screens)
        self.first: Paper = screens[0]
        self.last: Paper = screens[1]

    async def first_lot(self) -> dict[str, Any]:
        """Return what the first screen is shown, before the last one is shown it."""
        shown = await self.first.next()
        assert self.last.is_quiet
        return shown

    def reveal(self, screen: Paper) -> None:
        self.setup.hub.reveal(screen, "best")


async def test_who_votes_between_two_lots_is_shown_no_older_numbers() -> None:
    crowd = Crowd()
    crowd.reveal(crowd.first)
    assert (await crowd.first.next())["voters"] == 1
    crowd.setup.tally(2)
    assert (await crowd.first_lot())["voters"] == 2
    crowd.setup.tally(3)
    crowd.reveal(crowd.last)
    while (await crowd.first.next())["voters"] < 3:
        pass
    crowd.setup.tally(4)
    shown = []
    while 4 not in shown:
        shown.append((await crowd.last.next())["voters"])
    assert shown == sorted(shown)
    assert shown[0] == 3


async def test_who_votes_first_between_two_lots_is_not_shown_the_numbers_hidden_again() -> None:
    crowd = Crowd()
    crowd.setup.change(results="after_vote", question="Who was it?")
    assert (await crowd.first_lot())["results_hidden"] is True
    crowd.reveal(crowd.last)
    crowd.setup.tally(2)
    shown: list[dict[str, Any]] = []
    while not shown or shown[-1].get("voters", 0) < 2:
        shown.append(await crowd.last.next())
    assert [each["results_hidden"] for each in shown] == [False] * len(shown)


async def test_who_votes_before_its_lot_keeps_its_numbers_through_a_new_snapshot() -> None:
    crowd = Crowd()
    crowd.setup.table.apply(stream(revision=2, title="Extra time"))
    assert (await crowd.first_lot())["title"] == "Extra time"
    crowd.reveal(crowd.last)
    shown = [await crowd.last.next() for _ in range(3)]
    assert [each["type"] for each in shown] == ["poll", "snapshot", "poll"]
    assert shown[2]["voters"] == 1


async def test_who_has_voted_keeps_its_numbers_while_control_is_read_again() -> None:
    crowd = Crowd()
    for screen in (crowd.first, crowd.last):
        crowd.reveal(screen)
        await screen.next()
    crowd.setup.table.apply(stream(revision=2, title="Extra time"))
    await crowd.first_lot()
    crowd.setup.table.clear()
    shown = [await crowd.last.next() for _ in range(2)]
    assert [each["type"] for each in shown] == ["snapshot", "poll"]
    assert shown[1]["voters"] == 1


async def test_news_is_put_together_once_for_all_lots_that_are_shown_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd, shown = Crowd(), list[News]()
    for screen in (crowd.first, crowd.last):
        crowd.reveal(screen)
        monkeypatch.setattr(screen, "show", shown.append)
    crowd.setup.tally(2)
    async with asyncio.timeout(5):
        while len(shown) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert shown[0] is shown[1]
