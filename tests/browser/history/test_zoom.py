"""Parts of the timeline: by dragging, by fields, by keys, and from a moment."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.history import evening
from tests.browser.history.conftest import Look
from tests.browser.history.stand_in import Past

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BEGIN = evening.BEGIN


async def drag(page: Page, from_share: float, to_share: float) -> None:
    """Drag over the timeline's ground, from one share of its width to another."""
    box = await page.locator("#timeline").bounding_box()
    assert box is not None
    left, width = box["x"] + 52, box["width"] - 64
    await page.mouse.move(left + width * from_share, box["y"] + 150)
    await page.mouse.down()
    await page.mouse.move(left + width * to_share, box["y"] + 160, steps=4)
    await page.mouse.up()


async def test_dragging_shows_a_part_in_finer_steps(look: Look, past: Past) -> None:
    page = await look()
    await drag(page, 0.8, 0.9)
    await expect(page.locator("#timeline .unit")).to_have_text("Taps in 2 s")
    await expect(page.locator("#timeline .flag-number")).to_have_text(["1"])
    await expect(page.locator("#totals-note")).to_contain_text("In the part shown:")
    await expect(page.locator("#sum")).to_have_text(f"{sum(sum(c.values()) for c in past.taps.values()):,}")
    await expect(page.get_by_label("From")).to_have_value(re.compile("1:1[56]:"))
    await page.get_by_role("button", name="Whole stream").click()
    await expect(page.locator("#timeline .unit")).to_have_text("Taps in 15 s")
    await expect(page.get_by_role("button", name="Whole stream")).to_be_hidden()


async def test_fields_take_times_of_the_video(look: Look, past: Past) -> None:
    page = await look()
    await page.get_by_label("From").fill("20:00")
    await page.get_by_label("to", exact=True).fill("0:25:00")
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(page.locator("#timeline .unit")).to_have_text("Taps in 1 s")
    part = f"from={BEGIN + 1_200_000}&to={BEGIN + 1_500_000}"
    assert f"/v1/streams/{evening.STREAM}/history/reactions?{part}" in past.paths()


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        ("soon", "0:20:00", "Write times of the video like 0:41:30."),
        ("0:20:00", "0:20:00", "The part ends before it begins."),
        ("9:00:00", "9:10:00", "The stream was not that long."),
    ],
)
async def test_fields_that_make_no_sense_are_told(look: Look, past: Past, begins: str, ends: str, words: str) -> None:
    page = await look()
    asked = len(past.asked)
    await page.get_by_label("From").fill(begins)
    await page.get_by_label("to", exact=True).fill(ends)
    await page.get_by_label("to", exact=True).press("Enter")
    await expect(page.locator("#part-note")).to_have_text(words)
    assert len(past.asked) == asked


async def test_the_step_can_be_chosen(look: Look) -> None:
    page = await look()
    await page.get_by_label("Step").select_option("5 min")
    await expect(page.locator("#timeline .unit")).to_have_text("Taps in 5 min")
    # 5,700 steps of a second are more than a gateway answers at once.
    await expect(page.locator("#step option[value='1']")).to_be_disabled()
    await expect(page.locator("#step option[value='5']")).to_be_enabled()


async def test_a_moment_leads_into_the_timeline(look: Look) -> None:
    page = await look()
    await page.get_by_role("button", name="Show the moment at 0:21:00 in the timeline").click()
    await expect(page.get_by_label("From")).to_have_value("0:20:00")
    await expect(page.get_by_label("to", exact=True)).to_have_value("0:23:00")
    await expect(page.locator("#timeline .flag-number")).to_have_text(["2"])


async def test_the_pointer_reads_off_numbers(look: Look) -> None:
    page = await look()
    timeline = page.locator("#timeline")
    box = await timeline.bounding_box()
    assert box is not None
    at = 52 + (box["width"] - 64) * 1262 / (evening.LASTS_S + 1)
    await timeline.hover(position={"x": at, "y": 150})
    await expect(page.locator("#timeline .tip strong")).to_contain_text("0:20:53 · 20:21:00 · ")
    await page.mouse.move(0, 0)
    await expect(page.locator("#timeline .tip")).to_be_hidden()


async def test_keys_go_along_and_zoom(look: Look) -> None:
    """And a screen reader hears a sentence for each step."""
    page = await look()
    timeline = page.get_by_role("slider", name="Taps over the stream")
    await page.get_by_label("Step").focus()
    await page.keyboard.press("Tab")
    await expect(timeline).to_be_focused()
    first = await timeline.get_attribute("aria-valuetext")
    assert first is not None
    assert "taps" in first
    await page.keyboard.press("ArrowRight")
    await expect(timeline).to_have_attribute("aria-valuenow", "1")
    await page.keyboard.press("PageUp")
    await expect(timeline).to_have_attribute("aria-valuenow", "11")
    await page.keyboard.press("End")
    await expect(timeline).to_have_attribute("aria-valuenow", str(await timeline.get_attribute("aria-valuemax")))
    await page.keyboard.press("Home")
    await expect(page.locator("#timeline .tip")).to_be_visible()
    await page.keyboard.press("+")
    await expect(page.locator("#timeline .unit")).not_to_have_text("Taps in 15 s")
    await expect(timeline).to_be_focused()
    await expect(page.get_by_label("to", exact=True)).to_have_value(re.compile("0:2[34]:"))
    await page.keyboard.press("Escape")
    await expect(page.locator("#timeline .unit")).to_have_text("Taps in 15 s")
