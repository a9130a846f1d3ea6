"""Takes the picture of the overlay in docs/: `python -m tests.browser.overlay.picture`.

With a folder as argument it takes each layout and theme, over a dark and over a bright frame, into that folder instead.
"""

import asyncio
import random
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect

from contracts import messages as shapes
from tests.browser import chromium, messages
from tests.browser.overlay.address import overlay_link
from tests.browser.overlay.obs import custom_css
from tests.browser.picture import TOTALS, shrink
from tests.browser.stand_in import StandIn, serving

DOCS_PICTURE = Path(__file__).parents[3] / "docs" / "images" / "overlay.png"
DARK = "radial-gradient(60% 80% at 62% 45%, #b4536a 0%, #5a2a55 30%, #1b1430 65%, #07060d 100%)"
"""A stage at night."""
BRIGHT = "linear-gradient(#a9d4f5 0%, #eef7fb 38%, #ffffff 42%, #b9d98a 46%, #86b956 100%)"
"""A pitch in the sun."""
CROWD_S = 4.0


@dataclass(frozen=True)
class Shot:
    """A way to look at the overlay: parameters, what is behind it, the size of the frame, and what the poll is."""

    name: str
    query: str
    ground: str
    width: int = 1280
    height: int = 720
    poll: shapes.Poll | None = None


def _poll(status: str = "open", options: int = 3, **more: Any) -> shapes.Poll:
    names = ("Ada", "Bela", "Chidi", "Dilnoza", "Emre", "Fatou", *(f"Player {number}" for number in range(7, 51)))
    votes = [18_204, 9_871, 6_540, 4_210, 2_110, 1_390, *range(900, 856, -1)][:options]
    closing = int(time.time() * 1000) + 42_000
    at = int(time.time() * 1000)
    times: dict[str, Any] = {"closes_at": closing, "as_of": at}
    return messages.poll(votes, status=status, options=names[:options], **{**times, **more})


LONG = "Which of the Donaudampfschifffahrtsgesellschaftskapitäne has the finest cap, and who says so? " * 3
SHOTS = (
    Shot("corner-dark", "", DARK),
    Shot("corner-bright", "", BRIGHT),
    Shot("light-bright", "theme=light&layout=top-right", BRIGHT, poll=_poll("final")),
    Shot("light-dark", "theme=light&layout=bottom-right", DARK, poll=_poll("final", correct=["2"])),
    Shot("clear-dark", "theme=clear", DARK),
    Shot("clear-bright", "theme=clear&layout=top-left", BRIGHT),
    Shot("third-bright", "layout=lower-third&emojis=12", BRIGHT, poll=_poll("open", 6)),
    Shot("third-dark", "layout=lower-third", DARK, poll=_poll("closed", 4)),
    Shot("full-dark", "layout=full&options=50&max=500", DARK, poll=_poll("open", 50)),
    Shot("full-bright", "layout=full", BRIGHT, poll=_poll("open", 4)),
    Shot("hidden", "", BRIGHT, poll=messages.hidden("after_close")),
    Shot("long", "", DARK, poll=_poll("open", 50, question=LONG)),
    Shot("full-hd", "", DARK, 1920, 1080),
    Shot("portrait", "layout=lower-third&area=right", DARK, 720, 1280, _poll("paused", 6)),
    Shot("small", "layout=full", BRIGHT, 800, 600, _poll("open", 12)),
)


async def take(browser: Browser, stand_in: StandIn, shot: Shot, path: Path) -> None:
    """Let a lively crowd tap for a while, and write what the overlay shows of it to `path`."""
    stand_in.snapshot = messages.snapshot(TOTALS, [shot.poll or _poll()], watching=12_480)
    page = await browser.new_page(viewport={"width": shot.width, "height": shot.height})
    await page.goto(overlay_link(stand_in, shot.query))
    await custom_css(page, f"html {{ min-height: 100vh; background: {shot.ground}; }}")
    await expect(page.locator("#poll")).to_be_visible()
    crowd = asyncio.create_task(_tap(stand_in))
    await asyncio.sleep(CROWD_S)
    await page.screenshot(path=path)
    crowd.cancel()
    with suppress(asyncio.CancelledError):
        await crowd
    await page.close()


async def _tap(stand_in: StandIn) -> None:
    """Be a crowd of a thousand taps a second."""
    chance = random.Random(4)
    totals = dict(TOTALS)
    while True:
        for emoji, weight in TOTALS.items():
            totals[emoji] += chance.randrange(2 + weight // 4_000)
        await stand_in.push(messages.reactions(totals))
        await asyncio.sleep(0.05)


async def take_all(pictures: Sequence[tuple[Shot, Path]]) -> None:
    """Write each picture to its path."""
    async with chromium.launched() as browser, serving() as stand_in:
        for shot, path in pictures:
            await take(browser, stand_in, shot, path)


def main(folder: Path | None) -> None:
    """Take the picture in docs/, or all of them into `folder`."""
    pictures = [(shot, folder / f"{shot.name}.png") for shot in SHOTS] if folder else [(SHOTS[0], DOCS_PICTURE)]
    pictures[0][1].parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(take_all(pictures))
    if folder is None:
        shrink(DOCS_PICTURE)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
