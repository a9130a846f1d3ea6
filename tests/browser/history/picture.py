"""Takes pictures of the history page, to be looked at: `python -m tests.browser.history.picture FOLDER`.

In light and in dark, wide and on a phone, from top to bottom, and as it is printed.
"""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser import chromium
from tests.browser.history.stand_in import Past, serving
from tests.browser.picture import Shot

SHOTS = (Shot("light", 1160, 800, "light", 1), Shot("dark", 1160, 800, "dark", 1), Shot("phone", 360, 740, "dark", 2))


async def take(browser: Browser, past: Past, shot: Shot, folder: Path) -> None:
    """Write the whole page to `folder`, with the pointer on the timeline."""
    context = await browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        device_scale_factor=shot.scale,
    )
    page = await context.new_page()
    await page.goto(past.link())
    await expect(page.locator("#state")).to_have_text("Ended")
    await page.locator("#timeline").hover(position={"x": shot.width * 0.4, "y": 150})
    await page.screenshot(path=folder / f"{shot.name}.png", full_page=True)
    if shot is SHOTS[1]:
        await page.pdf(path=folder / "paper.pdf", format="A4", print_background=True)
    await context.close()


async def take_all(folder: Path) -> None:
    """Write each picture to the folder."""
    async with chromium.launched() as browser, serving() as past:
        for shot in SHOTS:
            await take(browser, past, shot, folder)
        await take_key_form(browser, past, folder)


async def take_key_form(browser: Browser, past: Past, folder: Path) -> None:
    """Write what is shown to who has no key, or a wrong one."""
    page = await browser.new_page(viewport={"width": 800, "height": 420})
    await page.goto(past.link("#key=wrong"))
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.screenshot(path=folder / "key.png")


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    asyncio.run(take_all(Path(sys.argv[1])))
