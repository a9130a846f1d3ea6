"""A peer that falls behind: what it is shown then, and when it is given up."""

import asyncio
import json
from typing import cast

from gateway.live.message import Message, News, message_of
from gateway.live.screen import Screen
from tests.gateway.live.paper import Paper


class Nothing:
    """A stage on which nothing happens; it notes who has left."""

    def __init__(self) -> None:
        self.left: list[Screen] = []

    def join(self, screen: Screen, *greeting: Message) -> None:
        raise NotImplementedError

    def leave(self, screen: Screen) -> None:
        self.left.append(screen)

    def reveal(self, screen: Screen, poll_id: str) -> None:
        raise NotImplementedError


def news(number: int, slot: str = "reactions") -> News:
    return News({slot: message_of({"type": slot, "number": number})})


async def numbers(screen: Paper) -> list[int]:
    return [json.loads(line)["number"] for line in screen.paper.lines]


async def test_who_keeps_up_is_written_to_at_once() -> None:
    screen = Paper(Nothing())
    for number in range(3):
        screen.show(news(number))
    assert await numbers(screen) == [0, 1, 2]


async def test_who_is_behind_is_shown_the_newest_of_each_thing_alone() -> None:
    screen = Paper(Nothing())
    screen.paused()
    for number in range(100):
        screen.show(news(number))
        screen.show(news(-number, "poll"))
    assert screen.is_quiet
    screen.resumed()
    assert await numbers(screen) == [99, -99]
    screen.show(news(100))
    assert await numbers(screen) == [99, -99, 100]


async def test_who_takes_nothing_is_closed_with_the_reason() -> None:
    stage = Nothing()
    screen = Paper(stage, slow_s=0.02)
    screen.paper.unsent = 1_000
    screen.paused()
    async with asyncio.timeout(5):
        while screen.paper.closed is None:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    assert screen.paper.closed == (1013, "slow-socket")
    assert stage.left == [cast(Screen, screen)]
    screen.show(news(1))
    screen.resumed()
    assert screen.is_quiet


async def test_who_takes_a_little_is_given_more_time() -> None:
    screen = Paper(Nothing(), slow_s=0.25)
    screen.paper.unsent = 1_000
    screen.paused()
    loop = asyncio.get_running_loop()
    until = loop.time() + 0.7
    while loop.time() < until:
        screen.paper.unsent -= 1
        await asyncio.sleep(0.005)
    assert screen.paper.closed is None
    screen.resumed()
    screen.lost()
