"""Takes the picture of the studio for the docs: `python -m tests.browser.studio.picture`.

With a folder as argument it takes the page in light, in dark, on a phone and in its other states into that folder.
"""

import asyncio
import math
import sys
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from gateway.history.answers import Moment
from gateway.routes.stats import LiveLag
from tests.browser import chromium
from tests.browser.picture import Shot, shrink
from tests.browser.studio.stand_in import KEY, Studio, serving

PICTURE = Path(__file__).parents[3] / "docs" / "images" / "studio.png"
LIGHT = Shot("light", 1160, 1000, "light", 1.5)
SHOTS = (LIGHT, Shot("dark", 1160, 1000, "dark", 1), Shot("phone", 360, 740, "light", 2))


def fill(studio: Studio) -> None:
    """Let it be the middle of a good evening."""
    studio.watching = 48_120
    studio.taps = [round(240 + 90 * math.sin(second / 7) + 60 * math.sin(second / 2.3)) for second in range(60)]
    studio.votes = [max(0, round(60 * math.exp(-((second - 30) ** 2) / 180))) for second in range(60)]
    studio.lag = LiveLag(64, 121)
    studio.history_lag_s = 2.4
    studio.refused = {"rate-limited": 214, "late-vote": 38, "unknown-emoji": 2}
    begin = studio.begin
    studio.moments = [moment(begin, 1_260, 4_210), moment(begin, 2_890, 9_320), moment(begin, 3_280, 6_150)]
    studio.add("Which of these lakes are natural?", ["Lake Constance", "Möhnesee", "Lake Garda"], poll_id="quiz",
               max_choices=2, correct=["1", "3"], open=True, at_ms=begin + 1_250_000)  # fmt: skip
    studio.count("quiz", [2_204, 731, 1_967], 2_790, duplicate=9, late=4)
    studio.close("quiz", begin + 2_895_000)
    studio.finish("quiz")
    studio.add("Will the rain hold off?", ["Yes", "No"], poll_id="rain")
    studio.add("Who scores the next goal?", ["Ada", "Bela", "Chidi"], poll_id="goal", open=True, closes_in_s=120,
               allow_change=True)  # fmt: skip
    studio.count("goal", [18_204, 9_871, 6_540], replaced=312)


def moment(begin: int, second: int, taps: int) -> Moment:
    """Return a moment of ten seconds."""
    at = begin + second * 1000
    return Moment(begins=at, ends=at + 20_000, at_s=second, taps=taps, peak=at, score=20.0, leader="🔥")


async def take(browser: Browser, studio: Studio, shot: Shot, path: Path) -> None:
    """Write the page as it is in the middle of the evening."""
    context = await browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        device_scale_factor=shot.scale,
    )
    page = await context.new_page()
    await page.goto(studio.link())
    await expect(page.locator(".moment")).to_have_count(3)
    await expect(page.locator(".studio-poll")).to_have_count(3)
    await page.screenshot(path=path, full_page=path != PICTURE)
    await context.close()


async def take_states(browser: Browser, studio: Studio, folder: Path) -> None:
    """Write what is not there in the middle of the evening: forms, dialogs, empty and refused."""
    page = await browser.new_page(viewport={"width": 1160, "height": 900})
    await page.goto(studio.link())
    await page.get_by_role("button", name="Prepare a poll").click()
    await page.locator("#question").fill("Who was the best today?")
    await page.get_by_label("A quiz, with right answers").check()
    await page.locator("#closes").select_option("duration")
    await page.screenshot(path=folder / "form.png", full_page=True)
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.screenshot(path=folder / "form-phone.png", full_page=True)
    await page.set_viewport_size({"width": 1160, "height": 900})
    await page.get_by_role("button", name="Discard").click()
    await page.get_by_role("button", name="QR code").click()
    await expect(page.locator("#qr-image")).to_be_visible()
    await page.screenshot(path=folder / "qr.png")
    await page.pdf(path=folder / "qr.pdf", format="A4")
    await page.get_by_role("button", name="Close", exact=True).last.click()
    await page.get_by_role("button", name="End the stream").click()
    await page.screenshot(path=folder / "end.png")
    await page.get_by_role("button", name="Stay live").click()
    await take_difference(page, studio, folder)
    studio.stream = None
    await page.goto(f"{studio.url}/studio/finale?again#key={KEY}")
    await expect(page.locator("#open-form")).to_be_visible()
    await page.screenshot(path=folder / "open.png", full_page=True)
    await page.goto(f"{studio.url}/studio/finale?wrong#key=wrong")
    await expect(page.get_by_role("alert").first).to_be_visible()
    await page.screenshot(path=folder / "key.png")
    await page.close()


async def take_difference(page: Page, studio: Studio, folder: Path) -> None:
    """Write a recount that differs."""
    studio.close("goal")
    studio.differ("goal", {"1": 18_204, "2": 9_871, "3": 6_540}, {"1": 18_204, "2": 9_870, "3": 6_540})
    await expect(page.locator(".different:visible")).to_have_count(1)
    await page.screenshot(path=folder / "different.png", full_page=True)


async def take_all(folder: Path | None) -> None:
    """Write the picture of the docs, or all into the folder."""
    async with chromium.launched() as browser, serving() as (studio, _):
        fill(studio)
        if folder is None:
            await take(browser, studio, LIGHT, PICTURE)
            return
        for shot in SHOTS:
            await take(browser, studio, shot, folder / f"{shot.name}.png")
        await take_states(browser, studio, folder)


def main(folder: Path | None) -> None:
    """Take the picture, or all of them into `folder`."""
    (folder or PICTURE.parent).mkdir(parents=True, exist_ok=True)
    asyncio.run(take_all(folder))
    if folder is None:
        shrink(PICTURE)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
