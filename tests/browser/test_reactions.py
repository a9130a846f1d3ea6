"""Taps and totals on the page."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import messages
from tests.browser.answers import acknowledge, refuse
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn, token

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_shows_the_stream(watch: Watch, stand_in: StandIn, complaints: list[str]) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 1_234, "👏": 1_250_000})
    page = await watch()
    await expect(page.get_by_role("heading", level=1)).to_have_text(messages.TITLE)
    await expect(page).to_have_title(f"{messages.TITLE} · Ovation")
    await expect(page.locator("#connection")).to_have_text("Live")
    await expect(page.locator(".emoji")).to_have_count(len(messages.EMOJIS))
    await expect(page.get_by_role("button", name="🔥 1,234 taps")).to_be_visible()
    await expect(page.get_by_role("button", name="👏 1.2M taps")).to_be_visible()
    await expect(page.get_by_text("No poll yet")).to_be_visible()
    assert complaints == []


async def test_taps_go_out_together(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    # In one task of the page, so that the moment in which taps are collected cannot pass between them.
    await page.evaluate("for (const i of [0, 0, 1, 0]) document.querySelectorAll('.emoji')[i].click()")
    await stand_in.until(lambda: stand_in.frames)
    assert [frame["counts"] for frame in stand_in.frames] == [{"🔥": 3, "👏": 1}]


async def test_a_tap_bursts_before_the_gateway_answers(watch: Watch, stand_in: StandIn) -> None:
    stand_in.answer = lambda _: None
    page = await watch()
    await page.get_by_role("button", name="🔥").click()
    await expect(page.locator(".burst")).to_have_text(["🔥"])


async def test_keyboard_taps(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await page.get_by_role("button", name="💙").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Space")
    await stand_in.until(lambda: stand_in.taps() == {"💙": 2})


async def test_totals_never_go_back(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 500, "👏": 40})
    page = await watch()
    await stand_in.push(messages.reactions({"🔥": 510, "👏": 39}))
    await expect(page.get_by_role("button", name="🔥 510 taps")).to_be_visible()
    await stand_in.push(messages.snapshot({"🔥": 3}), messages.reactions({"😂": 1}))
    await expect(page.get_by_role("button", name="😂 1 tap")).to_be_visible()
    await expect(page.get_by_role("button", name="🔥 510 taps")).to_be_visible()
    await expect(page.get_by_role("button", name="👏 40 taps")).to_be_visible()
    await expect(page.locator("#sum")).to_have_text("551")


async def test_what_others_tapped_before_does_not_burst_when_the_numbers_come_late(
    watch: Watch, stand_in: StandIn
) -> None:
    stand_in.snapshot = {**messages.snapshot(), "numbers_known": False}
    page = await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    await stand_in.push(messages.snapshot({"🔥": 500}))
    await expect(page.get_by_role("button", name="🔥 500 taps")).to_be_visible()
    await stand_in.push(messages.reactions({"🔥": 501, "👏": 1}))
    await expect(page.get_by_role("button", name="🔥 501 taps")).to_be_visible()
    await expect(page.locator(".burst")).to_have_text(["🔥", "👏"])


async def test_moving_emojis_are_bounded(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    for step in range(1, 40):
        await stand_in.push(messages.reactions(dict.fromkeys(messages.EMOJIS, 1_000 * step)))
    await expect(page.locator("#sum")).to_have_text("234,000")
    assert 30 < await page.locator(".burst").count() <= 60


async def test_refused_taps_are_told_in_words(watch: Watch, stand_in: StandIn) -> None:
    stand_in.answer = refuse("ended-stream")
    page = await watch()
    await page.get_by_role("button", name="🔥").click()
    await expect(page.get_by_text("1 tap was not counted. The stream has ended.")).to_be_visible()
    # What the gateway refuses and no sentence is made for is told in the gateway's own words.
    stand_in.answer = refuse("internal")
    await page.get_by_role("button", name="🔥").click()
    await expect(page.get_by_text("1 tap was not counted. Internal error. The gateway failed.")).to_be_visible()


async def test_capped_taps_are_told_calmly(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 10})
    stand_in.answer = lambda frame: {**acknowledge(frame), "counted": 2, "counts": {"🔥": 2}}
    page = await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    # Every burst that has a cause is then shown, and for long.
    await page.evaluate("Math.random = () => 0.99")
    await page.evaluate("for (let i = 0; i < 5; i++) document.querySelector('.emoji').click()")
    note = page.locator("#taps-note")
    await expect(note).to_have_text("That was fast: 2 of your last 5 taps count.")
    # Of five new taps two are the viewer's own; the three that no total counts hide nobody else's.
    await stand_in.push(messages.reactions({"🔥": 15}))
    await expect(page.locator(".burst")).to_have_count(7)
    stand_in.answer = acknowledge
    await page.get_by_role("button", name="🔥").click()
    await expect(note).to_be_empty()


async def test_an_ended_stream_takes_no_taps(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 7}, status="ended")
    page = await watch()
    await expect(page.locator("#connection")).to_have_text("Ended")
    await expect(page.get_by_role("button", name="🔥")).to_have_attribute("aria-disabled", "true")
    await expect(page.get_by_text("This stream has ended. Its numbers stay.")).to_be_visible()


async def test_an_overlay_only_watches(page: Page, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 7}, [messages.poll((4, 3, 2))])
    await page.goto(stand_in.link(token(role="overlay")))
    await expect(page.get_by_text("This link is for watching only")).to_be_visible()
    await expect(page.get_by_role("button", name="🔥 7 taps")).to_have_attribute("aria-disabled", "true")
    await expect(page.get_by_role("radio")).to_have_count(0)
    await expect(page.get_by_text("You can watch the poll here, but not vote.")).to_be_visible()
