"""The studio on small screens and with long words, and held against the rules of accessibility in all its states."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessibility import SCHEMES, Scheme, violations
from tests.browser.studio.conftest import Look
from tests.browser.studio.picture import fill
from tests.browser.studio.stand_in import STREAM, Studio

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
async def test_nothing_is_wider_than_the_screen(look: Look, studio: Studio, width: int) -> None:
    fill(studio)
    studio.stream = studio.made(LONG_WORD * 2, ("🔥",))
    studio.add(LONG_WORD * 2, [LONG_WORD, "No"], poll_id="long", open=True)
    studio.count("long", [9_000_000, 7])
    studio.close("goal")
    studio.differ("goal", {"1": 9_000_000}, {"1": 8_999_999})
    page = await look()
    await page.set_viewport_size({"width": width, "height": 740})
    await expect(page.locator(".different:visible")).to_have_count(1)
    await page.get_by_role("button", name="Prepare a poll").click()
    await page.get_by_label("A quiz, with right answers").check()
    await page.get_by_label("Option 1", exact=True).fill(LONG_WORD)
    await page.get_by_label("Closes", exact=True).select_option("after a while")
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.get_by_role("button", name="QR code").click()
    await expect(page.locator("#qr-image")).to_be_visible()
    box = await page.locator("#qr").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_the_page_in_the_middle_of_an_evening(look: Look, studio: Studio, scheme: Scheme) -> None:
    fill(studio)
    studio.add("Player of the match?", [f"Player {number}" for number in range(50)], poll_id="many", open=True)
    studio.close("goal")
    studio.differ("goal", {"1": 5}, {"1": 4})
    page = await look()
    await expect(page.locator(".moment")).to_have_count(3)
    await expect(page.locator(".different:visible")).to_have_count(1)
    assert await violations(page, scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_the_form_of_a_poll(look: Look, scheme: Scheme) -> None:
    page = await look()
    await page.get_by_role("button", name="Prepare a poll").click()
    await page.get_by_label("A quiz, with right answers").check()
    await page.get_by_label("Opens", exact=True).select_option("at a time")
    await page.get_by_label("Closes", exact=True).select_option("after a while")
    await page.get_by_role("button", name="Schedule").click()
    await expect(page.locator("#poll-note")).to_have_text("Write a question.")
    assert await violations(page, scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_dialogs(look: Look, scheme: Scheme) -> None:
    page = await look()
    await expect(page.get_by_label("Viewers' link")).not_to_have_value("")
    await page.get_by_role("button", name="QR code").click()
    await expect(page.locator("#qr-image")).to_be_visible()
    assert await violations(page, scheme) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="End the stream").click()
    assert await violations(page, scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_key_and_a_stream_to_be_opened(page: Page, studio: Studio, scheme: Scheme) -> None:
    studio.stream = None
    await page.goto(studio.link("#key=wrong"))
    await expect(page.locator("#refusal")).to_be_visible()
    assert await violations(page, scheme) == []
    await page.goto(f"{studio.url}/studio/{STREAM}?again{studio.link().removeprefix(studio.link(''))}")
    await expect(page.locator("#open-form")).to_be_visible()
    assert await violations(page, scheme) == []


async def test_who_wants_no_motion_has_none(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who", open=True)
    page = await look()
    await page.emulate_media(reduced_motion="reduce")
    moving = await page.evaluate(
        """[...document.querySelectorAll("*")].filter((each) => {
          const { animationName, transitionDuration } = getComputedStyle(each);
          return animationName !== "none" || transitionDuration.split(", ").some((time) => parseFloat(time) > 0);
        }).length"""
    )
    assert moving == 0
