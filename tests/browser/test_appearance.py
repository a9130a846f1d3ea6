"""What the page looks like to whom: small screens, little motion, dark rooms."""

import pytest
from playwright.async_api import expect

from tests.browser import messages
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
TEXT_ON_GROUND = (
    ("--ink", "--ground"),
    ("--ink", "--card"),
    ("--ink", "--tint"),
    ("--ink", "--bar"),
    ("--soft", "--ground"),
    ("--soft", "--card"),
    ("--soft", "--bar"),
    ("--accent", "--card"),
    ("--on-accent", "--accent"),
    ("--refused", "--card"),
)
"""Names in base.css: what is written, and on what."""


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
async def test_nothing_is_wider_than_the_screen(watch: Watch, stand_in: StandIn, width: int) -> None:
    poll = messages.poll((9_000_000, 80_000, 7), question=LONG_WORD * 2, options=(LONG_WORD, "Bela", "Chidi"))
    stand_in.snapshot = messages.snapshot(dict.fromkeys(messages.EMOJIS, 987_654_321), [poll], title=LONG_WORD * 2)
    page = await watch()
    await page.set_viewport_size({"width": width, "height": 740})
    await expect(page.locator(".poll")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_little_motion_means_none(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await page.emulate_media(reduced_motion="reduce")
    await expect(page.locator("#connection")).to_have_text("Live")
    await stand_in.push(messages.reactions({"🔥": 5_000}))
    await expect(page.get_by_role("button", name="🔥 5,000 taps")).to_be_visible()
    await page.get_by_role("button", name="🔥").click()
    await stand_in.until(stand_in.taps)
    # Asked once, without waiting: bursts would go away by themselves.
    assert await page.locator(".burst").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_stands_out_from_its_ground(watch: Watch, stand_in: StandIn, scheme: str) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 to 1 for text."""
    stand_in.snapshot = messages.snapshot({"🔥": 5}, [messages.poll((1, 2, 3))])
    page = await watch()
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await expect(page.locator(".poll")).to_be_visible()
    for text, ground in TEXT_ON_GROUND:
        colours = await page.evaluate(
            "(names) => names.map((name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim())",
            [text, ground],
        )
        assert contrast(*colours) >= 4.5, (text, ground)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours #rrggbb, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
