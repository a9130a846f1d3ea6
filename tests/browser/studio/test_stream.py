"""The stream itself: opened where there is none, looked at every second, and ended."""

import pytest
from playwright.async_api import Page, expect

from contracts.limits import MAX_EMOJIS
from gateway import problems
from gateway.history.answers import Moment
from gateway.routes.stats import LiveLag
from tests.browser.studio.conftest import Look
from tests.browser.studio.stand_in import EMOJIS, STREAM, TITLE, Studio

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_stream_that_is_not_there_is_opened(page: Page, studio: Studio) -> None:
    studio.stream = None
    await page.goto(studio.link())
    await expect(page.get_by_role("heading", name=f"There is no stream “{STREAM}” yet")).to_be_visible()
    await expect(page.get_by_label("Title")).to_be_focused()
    await page.get_by_role("button", name="Open the stream").click()
    await expect(page.locator("#open-note")).to_have_text("Give the stream a title.")
    await page.get_by_label("Title").fill("  The final  ")
    await page.get_by_role("checkbox", name="😂").uncheck()
    await page.get_by_label("Another one").fill("🐢")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("checkbox", name="🐢")).to_be_checked()
    await page.get_by_role("button", name="Open the stream").click()
    await expect(page.locator("h1")).to_have_text("The final")
    await expect(page.locator("#open-form")).to_be_hidden()
    [opened] = studio.done("POST", "/v1/streams")
    assert opened == {"stream_id": STREAM, "title": "The final", "emojis": ["🔥", "👏", "😮", "💙", "🎉", "🐢"]}
    await expect(page.get_by_text("No polls yet.")).to_be_visible()


async def test_no_more_emojis_are_picked_than_a_stream_has(page: Page, studio: Studio) -> None:
    studio.stream = None
    await page.goto(studio.link())
    boxes = page.locator("#emoji-grid input")
    await expect(boxes).to_have_count(44)
    for place in range(6, MAX_EMOJIS):
        await boxes.nth(place).check()
    await expect(page.locator("#emoji-count")).to_have_text("30 of at most 30 picked")
    await expect(boxes.nth(MAX_EMOJIS)).to_be_disabled()
    await page.get_by_label("Another one").fill("🐢")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("#open-note")).to_have_text("A stream has at most 30 emojis.")
    await boxes.first.uncheck()
    await page.get_by_label("Another one").fill('"')
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("#open-note")).to_have_text("That is no emoji.")


async def test_numbers_of_just_now(look: Look, studio: Studio) -> None:
    studio.watching, studio.lag, studio.history_lag_s = 48_120, LiveLag(64, 121), 2.4
    studio.taps, studio.votes = [0] * 55 + [400] * 5, [0] * 55 + [6] * 4 + [1]
    studio.refused = {"rate-limited": 214, "late-vote": 38}
    page = await look()
    await expect(page.locator("#watching")).to_have_text("48,120")
    await expect(page.locator("#screens")).to_have_text("16,040 screens at this gateway")
    await expect(page.locator("#taps")).to_have_text("400")
    await expect(page.locator("#votes")).to_have_text("5")
    await expect(page.locator("#lag")).to_have_text("64 ms")
    await expect(page.locator("#lag-about")).to_have_text("99 of 100 within 121 ms")
    await expect(page.locator("#history-lag")).to_have_text("2 s")
    await expect(page.locator("#refused li")).to_have_text(
        ["214 requests over a viewer's or an address's limit", "38 votes after their poll had closed"]
    )
    await expect(page.get_by_role("link", name="votes after")).to_have_attribute("href", "/problems/late-vote")
    for box in ("#taps-spark", "#votes-spark"):
        await expect(page.locator(f"{box} .spark-line")).to_have_count(1)
    # The next second has other numbers, and no element is made anew for them.
    await page.evaluate("document.querySelector('#refused li').dataset.known = 'yes'")
    studio.watching, studio.refused = 1, {"rate-limited": 215}
    await expect(page.locator("#watching")).to_have_text("1")
    await expect(page.locator("#refused li")).to_have_text(["215 requests over a viewer's or an address's limit"])
    await expect(page.locator("#refused li")).to_have_attribute("data-known", "yes")


async def test_nothing_is_known_of_a_quiet_stream_and_that_is_said(look: Look, studio: Studio) -> None:
    studio.history_lag_s = None
    page = await look()
    await expect(page.locator("#lag-about")).to_have_text("no taps here in the last minute")
    await expect(page.locator("#history-lag")).to_have_text("–")
    await expect(page.get_by_text("Nothing was refused.")).to_be_visible()
    await expect(page.get_by_text("No polls yet.")).to_be_visible()
    await expect(page.get_by_text("No moment stands out yet.")).to_be_visible()


async def test_what_a_moment_did(look: Look, studio: Studio) -> None:
    goal, rest = studio.begin + 600_000, studio.begin + 1_200_000
    studio.moments = [
        Moment(begins=at, ends=at + 20_000, at_s=0, taps=taps, peak=at, score=9.0, leader="🔥")
        for at, taps in ((goal, 900), (rest, 90))
    ]
    studio.add("Who was it?", ["Ada", "Bela"], poll_id="who", open=True, at_ms=goal - 20_000)
    studio.close("who", goal + 10_000)
    page = await look()
    rows = page.locator(".moment")
    await expect(rows.locator(".moment-time")).to_have_text(["0:20:00", "0:10:00"])
    await expect(rows.locator(".moment-taps")).to_have_text(["90 taps", "900 taps"])
    await expect(rows.nth(1).locator(".emoji-count")).to_have_text(["🔥 600", "👏 200", "😂 66", "😮 22"])
    await expect(rows.nth(1).locator(".moment-polls")).to_have_text(
        "Poll opened: Who was it? · Poll closed: Who was it?"
    )
    await expect(rows.nth(0).locator(".moment-polls")).to_be_hidden()


async def test_a_history_that_is_away_takes_nothing_else_along(look: Look, studio: Studio) -> None:
    studio.problems["/history/moments"] = problems.HISTORY_UNREACHABLE
    page = await look()
    await expect(page.locator("#moments-note")).to_have_text(
        "The history cannot be read just now. Nothing is lost by that."
    )
    await expect(page.locator("#refusal")).to_be_hidden()
    await expect(page.locator("#state")).to_have_text("Live")


async def test_a_stream_is_ended_only_by_who_is_sure(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="open", open=True)
    studio.add("Later?", ["Yes", "No"], poll_id="draft")
    page = await look()
    await expect(page.locator(".studio-poll")).to_have_count(2)
    await page.get_by_role("button", name="End the stream").click()
    await expect(page.get_by_role("button", name="Stay live")).to_be_focused()
    await page.keyboard.press("Escape")
    assert studio.done("POST", "/end") == []
    await page.get_by_role("button", name="End the stream").click()
    await page.get_by_role("dialog").get_by_role("button", name="End the stream").click()
    await expect(page.locator("#state")).to_have_text("Ended")
    await expect(page.locator(".chip")).to_have_text(["Cancelled", "Closed"])
    await expect(page.locator("h1")).to_be_focused()
    for gone in ("#links", "#prepare", "#end"):
        await expect(page.locator(gone)).to_be_hidden()
    await expect(page.get_by_role("link", name="History")).to_have_attribute("href", f"/studio/{STREAM}/history")
    await expect(page.locator("h1")).to_have_text(TITLE)
    assert studio.done("POST", "/end") == [None]
    assert studio.stream is not None and studio.stream.emojis == EMOJIS
