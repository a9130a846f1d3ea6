"""Taps that find no answer wait for a minute, and each counts once or not at all."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import messages
from tests.browser.answers import acknowledge, refuse
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AWAY = (4503, "starting")
SECOND_MS = 1_000


async def tap(page: Page, times: int, emoji: str = "🔥") -> None:
    """Tap in one task of the page, as fast as can be."""
    await expect(page.get_by_role("button", name=emoji)).to_be_visible()
    await page.evaluate(
        "([emoji, times]) => {"
        "  const button = document.querySelector(`[data-emoji='${emoji}']`);"
        "  for (let i = 0; i < times; i++) button.click();"
        "}",
        [emoji, times],
    )


async def lose_connection(page: Page, stand_in: StandIn) -> None:
    stand_in.closing = AWAY
    stand_in.drop()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")


async def test_unanswered_taps_are_sent_again_as_the_same(watch: Watch, stand_in: StandIn) -> None:
    stand_in.answer = lambda _: None
    page = await watch()
    await tap(page, 3)
    await stand_in.until(stand_in.taps)
    stand_in.edge, stand_in.answer = "edge-2", acknowledge
    stand_in.drop()
    await stand_in.until(lambda: len(stand_in.frames) == 2)
    first, again = stand_in.frames
    assert first["counts"] == {"🔥": 3}
    assert again == {**first, "sent_to": ["edge-1"]}


async def test_taps_without_a_connection_wait_and_go_as_few_frames(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    await lose_connection(page, stand_in)
    await tap(page, 2_400)
    await tap(page, 5, "👏")
    await expect(page.locator("#taps-note")).to_have_text("No connection just now. 2,405 taps wait for it.")
    stand_in.closing = None
    await stand_in.until(lambda: stand_in.taps() == {"🔥": 2_400, "👏": 5})
    assert [frame["counts"] for frame in stand_in.frames] == [{"🔥": 1_000, "👏": 5}, {"🔥": 1_000}, {"🔥": 400}]
    await expect(page.locator("#taps-note")).to_be_empty()


async def test_taps_that_wait_for_a_minute_are_given_up(page: Page, watch: Watch, stand_in: StandIn) -> None:
    await page.clock.install()
    await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    await lose_connection(page, stand_in)
    await tap(page, 4)
    await page.clock.fast_forward(30 * SECOND_MS)
    await tap(page, 2, "👏")
    await page.clock.fast_forward(31 * SECOND_MS)
    words = "4 taps were not counted. Nobody took them for a minute, and by then they are about another moment."
    await expect(page.locator("#taps-note")).to_have_text(f"No connection just now. 2 taps wait for it. {words}")
    stand_in.closing = None
    await page.clock.fast_forward(8 * SECOND_MS)
    await page.clock.run_for(SECOND_MS)
    await stand_in.until(stand_in.taps)
    assert stand_in.taps() == {"👏": 2}


@pytest.mark.parametrize("problem", ["uncertain-taps", "rate-limited"])
async def test_taps_of_which_nobody_knows_are_not_counted_twice(watch: Watch, stand_in: StandIn, problem: str) -> None:
    stand_in.answer = lambda _: None
    page = await watch()
    await tap(page, 3)
    await stand_in.until(stand_in.taps)
    stand_in.answer = refuse(problem)
    stand_in.drop()
    words = "3 taps were not counted. The gateway that had them is gone, and nobody can say whether they count."
    await expect(page.locator("#taps-note")).to_have_text(words)


async def test_a_gateway_without_a_name_gets_taps_once(watch: Watch, stand_in: StandIn) -> None:
    stand_in.edge = None
    stand_in.answer = lambda _: None
    page = await watch()
    await tap(page, 3)
    await stand_in.until(stand_in.taps)
    stand_in.drop()
    await expect(page.locator("#taps-note")).to_contain_text("3 taps were not counted.")
    assert stand_in.taps() == {"🔥": 3}


async def test_a_busy_gateway_gets_the_taps_again(watch: Watch, stand_in: StandIn) -> None:
    stand_in.answer = refuse("rate-limited", retry_after_s=0.1)
    page = await watch()
    await tap(page, 3)
    words = "That was too much at once. Your taps are sent again by themselves."
    await expect(page.locator("#taps-note")).to_have_text(words)
    await tap(page, 2)
    stand_in.answer = acknowledge
    await stand_in.until(lambda: len(stand_in.frames) == 2)
    assert [frame["counts"] for frame in stand_in.frames] == [{"🔥": 3}, {"🔥": 5}]
    assert "sent_to" not in stand_in.frames[1]
    await expect(page.locator("#taps-note")).to_be_empty()


async def test_a_stuck_gateway_gets_no_heap_of_frames(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 1})
    stand_in.answer = lambda _: None
    page = await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    await page.evaluate("setInterval(() => document.querySelector('.emoji').click(), 20)")
    await stand_in.until(lambda: len(stand_in.came("react")) == 8)
    # The page makes thirty more taps; then it is asked for an answer, so anything sent before has come.
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 600))")
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await stand_in.until(lambda: stand_in.came("ping"))
    assert len(stand_in.came("react")) == 8
