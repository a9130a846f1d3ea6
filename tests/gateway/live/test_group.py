"""Each screen is shown what changes in its own interval, and every message is made once for all of them."""

import asyncio

from gateway import metrics
from tests.gateway.live.paper import Paper
from tests.gateway.live.test_hub import Setup


async def test_each_screen_has_its_own_interval() -> None:
    setup = Setup()
    quick, slow = Paper(setup.hub, interval_s=0.02), Paper(setup.hub, interval_s=0.2)
    for screen in (quick, slow):
        setup.hub.join(screen)
        await screen.next()
    loop = asyncio.get_running_loop()
    until, total = loop.time() + 0.7, 0
    while loop.time() < until:
        total += 1
        setup.reactions(total)
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.25)
    shown = {}
    for screen in (quick, slow):
        totals = [message["totals"]["🔥"] for message in [await screen.next() for _ in range(len(screen.paper.lines))]]
        assert totals == sorted(set(totals))
        assert totals[-1] == total
        shown[screen] = len(totals)
    assert shown[slow] <= 6
    assert shown[quick] > shown[slow]


async def test_a_message_is_made_once_for_all_intervals() -> None:
    setup = Setup()
    screens = [Paper(setup.hub, interval_s=each) for each in (0.02, 0.02, 0.03, 0.04)]
    for screen in screens:
        setup.hub.join(screen)
        await screen.next()
    before = metrics.PUSHES._value.get()
    setup.reactions(1)
    for screen in screens:
        assert (await screen.next())["totals"] == {"🔥": 1}
    assert metrics.PUSHES._value.get() - before == 1


async def test_who_joins_between_two_pushes_misses_nothing_and_sees_nothing_older() -> None:
    setup = Setup()
    first, late = Paper(setup.hub, interval_s=0.05), Paper(setup.hub, interval_s=0.05)
    setup.hub.join(first)
    await first.next()
    setup.reactions(1)
    assert (await first.next())["version"] == 1
    setup.reactions(2)
    setup.hub.join(late)
    assert (await late.next())["reactions"]["version"] == 2
    setup.reactions(3)
    assert (await late.next())["version"] == 3
    assert (await first.next())["version"] == 3
