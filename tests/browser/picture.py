"""Takes the README's picture of the viewer's page: `python -m tests.browser.picture`.

With a folder as argument it takes the page in light, in dark and on a phone into that folder instead.
"""

import asyncio
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, expect

from contracts import messages as shapes
from tests.browser import chromium, messages
from tests.browser.stand_in import StandIn, serving

README_PICTURE = Path(__file__).parents[2] / "docs" / "images" / "watch.png"
TOTALS = {"🔥": 48_212, "👏": 131_904, "😂": 9_377, "😮": 4_120, "💙": 27_655, "🎉": 66_031}


@dataclass(frozen=True)
class Shot:
    """A way to look at the page. `scale` is pixels of the picture per CSS pixel."""

    name: str
    width: int
    height: int
    scheme: str
    scale: float = 1.5


LIGHT = Shot("light", 1160, 780, "light")
SHOTS = (LIGHT, Shot("dark", 1160, 780, "dark"), Shot("phone", 360, 1180, "light", 2))


def polls() -> list[shapes.Poll]:
    """Return two open polls; the first is the older, and lower on the page."""
    rain = messages.poll((5_121, 8_877), poll_id="rain", question="Will the rain hold off?", options=("Yes", "No"))
    closing = int(time.time() * 1000) + 100_000
    return [rain, messages.poll((18_204, 9_871, 6_540), closes_at=closing)]


async def take(browser: Browser, stand_in: StandIn, shot: Shot, path: Path) -> None:
    """Let a viewer vote amid a lively crowd, and write what it sees to `path`."""
    stand_in.snapshot = messages.snapshot(TOTALS, polls(), watching=1_204)
    context = await browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.scheme == "dark" else "light",
        device_scale_factor=shot.scale,
    )
    page = await context.new_page()
    await page.goto(stand_in.link())
    await page.get_by_role("radio", name=messages.OPTIONS[0]).check()
    await page.get_by_role("button", name="Vote", exact=True).first.click()
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    await page.evaluate("document.activeElement.blur()")
    crowd = asyncio.create_task(tap(stand_in))
    await asyncio.sleep(3)
    await page.screenshot(path=path)
    crowd.cancel()
    await context.close()


async def tap(stand_in: StandIn) -> None:
    """Be a crowd."""
    chance = random.Random(4)
    totals = dict(TOTALS)
    while True:
        emoji = chance.choice(list(totals))
        totals[emoji] += chance.choice((1, 2, 4))
        await stand_in.push(messages.reactions(totals))
        await asyncio.sleep(0.04)


def shrink(path: Path) -> None:
    """Make the picture small enough for a README with pngquant, where that is installed."""
    program = shutil.which("pngquant")
    if program is None:
        print(f"{path} is larger than it need be: install pngquant and take it again")
        return
    subprocess.run([program, "--force", "--speed", "1", "--strip", "--output", path, "256", path], check=True)


async def take_all(pictures: Sequence[tuple[Shot, Path]]) -> None:
    """Write each picture to its path."""
    async with chromium.launched() as browser, serving() as stand_in:
        for shot, path in pictures:
            await take(browser, stand_in, shot, path)


def main(folder: Path | None) -> None:
    """Take the README's picture, or all of them into `folder`."""
    pictures = [(shot, folder / f"{shot.name}.png") for shot in SHOTS] if folder else [(LIGHT, README_PICTURE)]
    pictures[0][1].parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(take_all(pictures))
    if folder is None:
        shrink(README_PICTURE)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
