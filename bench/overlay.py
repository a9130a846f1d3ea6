"""How smoothly the overlay draws a crowd without a graphics card: `python -m bench.overlay --help`.

A made-up stream, on which more is tapped than any screen holds, fills the overlay's canvas with as many emojis as it
takes. Each frame of Chromium is timed from within the page: from one to the next, and how long its script ran.
"""

import asyncio
import json
import statistics
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

import typer
from playwright.async_api import Browser, Page, ViewportSize

from bench.setting import machine
from ovation.terminal import out
from tests.browser import chromium, messages
from tests.browser.overlay.address import overlay_link
from tests.browser.stand_in import StandIn, serving

SOFTWARE = ("--disable-gpu",)
"""Chromium then draws and puts the page together on the processor alone, as OBS does without a graphics card."""
FRAME: ViewportSize = {"width": 1280, "height": 720}
PUSH_S = 0.05
FULL = 0.95
"""Part of the wanted emojis: each lives for a time of its own, so their number is never quite still."""
TAPS_PER_PUSH = 50_000
"""Of all emojis together: a million a second."""

TIME_FRAMES = """
const frames = (window.frames_ = []);
const ask = window.requestAnimationFrame.bind(window);
let drawn = 0;
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...what) { drawn++; draw.apply(this, what); };
window.requestAnimationFrame = (callback) => ask((at) => {
  drawn = 0;
  const began = performance.now();
  callback(at);
  frames.push([at, performance.now() - began, drawn]);
});
"""
"""For a page before its own scripts: notes of each frame when it was, how long its script ran, and what it drew."""

_FILLED = """(emojis) => new Promise((resolve, reject) => {
  const look = () => (frames_.at(-1)?.[2] >= emojis ? resolve() : requestAnimationFrame(look));
  setTimeout(() => reject(new Error(`only ${frames_.at(-1)?.[2]} emojis after 30 s`)), 30000);
  look();
})"""


@dataclass(frozen=True)
class Drawn:
    """What was measured over a time: `intervals_ms` between frames, `script_ms` in each, and `emojis` on screen."""

    seconds: float
    intervals_ms: Sequence[float]
    script_ms: Sequence[float]
    emojis: Sequence[int]

    @property
    def frames_per_second(self) -> float:
        """Frames that were drawn a second."""
        return len(self.intervals_ms) / self.seconds


async def measured(browser: Browser, stand_in: StandIn, seconds: float, emojis: int) -> Drawn:
    """Let a huge crowd tap, wait until `emojis` are on screen, and time the frames of the next `seconds`."""
    stand_in.snapshot = messages.snapshot(dict.fromkeys(messages.EMOJIS, 0), [messages.poll((182, 98, 65))])
    page = await browser.new_page(viewport=FRAME)
    await page.add_init_script(TIME_FRAMES)
    await page.goto(overlay_link(stand_in, f"area=full&max={emojis}"))
    crowd = asyncio.create_task(_tap(stand_in))
    try:
        await page.evaluate(_FILLED, FULL * emojis)
        return await _frames(page, seconds)
    finally:
        crowd.cancel()
        with suppress(asyncio.CancelledError):
            await crowd
        await page.close()


async def _frames(page: Page, seconds: float) -> Drawn:
    await page.evaluate("frames_.length = 0")
    await asyncio.sleep(seconds)
    frames: list[Any] = json.loads(await page.evaluate("JSON.stringify(frames_)"))
    at, script_ms, emojis = zip(*frames, strict=True)
    intervals = [later - earlier for earlier, later in pairwise(at)]
    return Drawn((at[-1] - at[0]) / 1000, intervals, script_ms, emojis)


async def _tap(stand_in: StandIn) -> None:
    totals = dict.fromkeys(messages.EMOJIS, 0)
    while True:
        for emoji in totals:
            totals[emoji] += TAPS_PER_PUSH // len(totals)
        await stand_in.push(messages.reactions(totals))
        await asyncio.sleep(PUSH_S)


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


async def _run(seconds: float, emojis: int) -> tuple[Drawn, str]:
    async with chromium.launched(*SOFTWARE) as browser, serving() as stand_in:
        return await measured(browser, stand_in, seconds, emojis), browser.version


def main(
    seconds: Annotated[float, typer.Option(min=1, max=600, help="How long frames are timed.")] = 10,
    emojis: Annotated[int, typer.Option(min=1, max=500, help="Emojis on screen.")] = 500,
) -> None:
    """Fill the overlay with emojis in software rendering, and print how its frames come."""
    drawn, version = asyncio.run(_run(seconds, emojis))
    size = f"{FRAME['width']}x{FRAME['height']}"
    out.print(f"{machine()}; headless Chromium {version} {' '.join(SOFTWARE)}, {size}, {drawn.seconds:.1f} s")
    least, mean, most = min(drawn.emojis), statistics.mean(drawn.emojis), max(drawn.emojis)
    out.print(f"emojis on screen, least / mean / most {least} / {mean:.0f} / {most}")
    out.print(f"frames a second                       {drawn.frames_per_second:.1f}")
    for what, values in (("from frame to frame", drawn.intervals_ms), ("script in a frame", drawn.script_ms)):
        p50, p99 = (_percentile(values, percent) for percent in (50, 99))
        out.print(f"{what + ', p50 / p99 / max':<37} {p50:.1f} / {p99:.1f} / {max(values):.1f} ms")


if __name__ == "__main__":
    typer.run(main)
