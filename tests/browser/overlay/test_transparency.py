"""The picture is seen wherever the overlay has nothing to say."""

import asyncio

import numpy as np
import pytest
from playwright.async_api import expect

from tests.browser import messages
from tests.browser.overlay.conftest import FRAME, Overlay
from tests.browser.overlay.pixels import alpha, drawn
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_nothing_is_there_before_anything_happens(overlay: Overlay, complaints: list[str]) -> None:
    page = await overlay("show=reactions,totals,poll")
    await page.evaluate("new Promise(requestAnimationFrame)")
    assert await drawn(page) is None
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_only_the_corner_is_covered(overlay: Overlay, stand_in: StandIn, scheme: str) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 5}, [messages.poll((3, 2, 1))])
    page = await overlay("layout=bottom-right&motion=none")
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await expect(page.locator("#poll")).to_be_visible()
    left, top, right, bottom = await drawn(page) or (0, 0, 0, 0)
    assert left > FRAME["width"] / 2
    assert top > FRAME["height"] / 3
    assert (right, bottom) <= (FRAME["width"], FRAME["height"])


async def test_emojis_come_and_leave_nothing_behind(overlay: Overlay, stand_in: StandIn) -> None:
    page = await overlay("show=reactions&speed=4&area=full")
    await stand_in.push(messages.reactions({"🔥": 40}))
    async with asyncio.timeout(10):
        while await drawn(page) is None:
            await stand_in.push(messages.reactions({"🔥": 40}))
        while await drawn(page) is not None:
            await stand_in.push(messages.reactions({"🔥": 40}))


async def test_emojis_do_not_shine_through_the_text(overlay: Overlay, stand_in: StandIn) -> None:
    """A card is as opaque over a crowd as without one."""
    stand_in.snapshot = messages.snapshot({}, [messages.poll((3, 2, 1))])
    page = await overlay("layout=full&show=reactions,poll&max=500")
    await expect(page.locator("#poll")).to_be_visible()
    box = await page.locator("#poll").bounding_box()
    assert box is not None
    # Without its round corners.
    left, top = round(box["x"]) + 16, round(box["y"]) + 16
    card = slice(top, top + round(box["height"]) - 32), slice(left, left + round(box["width"]) - 32)
    await page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
    before = (await alpha(page))[card]
    async with asyncio.timeout(15):
        taps = 0
        # Until they are beside it, further away than its shadow reaches.
        while not (await alpha(page))[top : top + 50, : left - 64].any():
            taps += 1_000_000
            await stand_in.push(messages.reactions(dict.fromkeys(messages.EMOJIS, taps)))
    assert np.array_equal((await alpha(page))[card], before)


async def test_nothing_scrolls_points_or_is_pressed(overlay: Overlay, stand_in: StandIn) -> None:
    options = [f"Option {number}" for number in range(50)]
    stand_in.snapshot = messages.snapshot({"🔥": 5}, [messages.poll(range(50), options=options)])
    page = await overlay("options=50&scale=3")
    await expect(page.locator(".option")).to_have_count(50)
    root = await page.evaluate(
        """() => {
          const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
          const style = getComputedStyle(document.documentElement);
          return [scrollWidth <= clientWidth, scrollHeight <= clientHeight, style.cursor, style.overflow];
        }"""
    )
    assert root == [True, True, "none", "hidden"]
    assert await page.locator("button, input, a, [tabindex]").count() == 0
