"""From a tap in one browser to its number in another's, rendered: `python -m bench.screen --help`.

Two viewers of one stream have the page open in Chromium, one taps, the other watches; a crowd taps other emojis all the
while. The clock starts at the press of the button and stops when the frame with the new total has been painted.
"""

import asyncio
import random
import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

import typer
from playwright.async_api import Browser, Page

from bench.setting import machine, running_stack
from local.settings import read_settings
from local.stack import Stack
from ovation.addresses import Addresses
from ovation.audience.latencies import Latencies
from ovation.audience.plan import EMOJIS
from ovation.client.errors import CallError
from ovation.client.gateway import GatewayClient
from ovation.commands.up import DataDir, EphemeralPorts
from ovation.embedded import addresses_of
from ovation.errors import OvationError
from ovation.terminal import err, failures, out
from tests.browser import chromium

RARE = "🎉"
"""Tapped by the one viewer alone, so that its total numbers those taps."""
SHOWN_S = 15.0

_NOTE_PRESSES = """(emoji) => {
  window.pressed = [];
  const button = document.querySelector(`[data-emoji="${emoji}"]`);
  button.addEventListener("click", () => pressed.push(performance.timeOrigin + performance.now()), true);
}"""
_NOTE_FRAMES = """(emoji) => {
  window.shown = [];
  const total = document.querySelector(`[data-emoji="${emoji}"] .emoji-total`);
  const painted = new MessageChannel();
  // A message posted in an animation frame is taken once that frame has been painted.
  painted.port1.onmessage = ({ data }) => shown.push([data, performance.timeOrigin + performance.now()]);
  new MutationObserver(() => requestAnimationFrame(() => painted.port2.postMessage(Number(total.textContent)))).observe(
    total, { characterData: true, childList: true, subtree: true });
}"""


async def watch(browser: Browser, url: str, token: str) -> Page:
    """Open the viewer's page and return it once it is live."""
    page = await browser.new_page(viewport={"width": 1160, "height": 780})
    await page.goto(f"{url}#token={token}")
    await page.locator('#connection[data-state="live"]').wait_for()
    return page


async def crowd(gateway: GatewayClient, stream_id: str, token: str, per_s: float) -> None:
    """Tap the common emojis until cancelled."""
    loop = asyncio.get_running_loop()
    due, choose = loop.time(), random.Random(1)  # noqa: S311 - a load to be had again, not a secret
    while True:
        due += 1 / per_s
        await asyncio.sleep(max(due - loop.time(), 0))
        with suppress(CallError):  # It is there to be a load; what it taps is not measured.
            await gateway.react(stream_id, token, {choose.choice(EMOJIS): choose.choice((1, 2, 5))})


async def measure(addresses: Addresses, taps: int, crowd_per_s: float, warm_up_s: float) -> tuple[Latencies, int]:
    """Return how long each tap took to the other screen, and how many were shown."""
    async with GatewayClient(addresses.gateway_url, addresses.api_key.get_secret_value()) as gateway:
        stream_id = await gateway.open_stream(
            "A rare tap in a crowd", [*EMOJIS, RARE], f"screen-{secrets.token_hex(4)}"
        )
        tokens = [await gateway.token(stream_id, viewer) for viewer in ("tapper", "watcher", "crowd")]
        async with chromium.launched() as browser:
            url = f"{addresses.gateway_url}/watch/{stream_id}"
            tapper, watcher = [await watch(browser, url, token) for token in tokens[:2]]
            await tapper.evaluate(_NOTE_PRESSES, RARE)
            await watcher.evaluate(_NOTE_FRAMES, RARE)
            load = asyncio.create_task(crowd(gateway, stream_id, tokens[2], crowd_per_s))
            try:
                err.print(f"Warming up for {warm_up_s:.0f} s: the jobs' JVMs are slow at first", markup=False)
                await asyncio.sleep(warm_up_s)
                await tap(tapper, taps)
                with suppress(TimeoutError):
                    async with asyncio.timeout(SHOWN_S):
                        await watcher.wait_for_function("(taps) => shown.at(-1)?.[0] >= taps", arg=taps)
            finally:
                load.cancel()
            return times(await tapper.evaluate("pressed"), await watcher.evaluate("shown"))


async def tap(page: Page, taps: int) -> None:
    """Press the button at moments that have nothing to do with anybody's interval."""
    choose = random.Random(2)  # noqa: S311
    for number in range(1, taps + 1):
        await page.evaluate(f"document.querySelector('[data-emoji=\"{RARE}\"]').click()")
        await asyncio.sleep(choose.uniform(0.15, 0.45))
        if number % 50 == 0:
            err.print(f"{number} of {taps} taps", markup=False)


def times(pressed: Sequence[float], shown: Sequence[tuple[int, float]]) -> tuple[Latencies, int]:
    """Return the time from the n-th press to the first frame whose total is n or more, for all that were shown."""
    latencies = Latencies()
    frames = iter(shown)
    total, at = 0, 0.0
    for number, began in enumerate(pressed, start=1):
        while total < number:
            frame = next(frames, None)
            if frame is None:
                return latencies, latencies.count
            total, at = frame
        latencies.add((at - began) / 1_000)
    return latencies, latencies.count


def main(
    taps: Annotated[int, typer.Option(min=1)] = 300,
    crowd_per_second: Annotated[float, typer.Option(min=1, help="Requests with taps of others, meanwhile.")] = 200,
    warm_up: Annotated[float, typer.Option(min=0, help="Seconds of the crowd before anything is measured.")] = 60,
    data_dir: DataDir = None,
    ephemeral_ports: EphemeralPorts = False,
) -> None:
    """Tap in one browser and watch in another, on the embedded stack; print how long a tap took to be painted.

    The exit code is 1 when a tap never showed.
    """
    with failures(OvationError):
        stack = Stack(read_settings(data_dir, ephemeral_ports))
        with running_stack(stack):
            latencies, shown = asyncio.run(measure(addresses_of(stack.settings), taps, crowd_per_second, warm_up))
    out.print(f"  setting   One machine runs the whole stack, both browsers and the crowd: {machine()}", markup=False)
    out.print(
        f"  load      {crowd_per_second:,.0f} requests/s with taps of others, for {warm_up:.0f} s before", markup=False
    )
    out.print(f"  rendered  {latencies.summary().line()}", markup=False)
    if shown != taps:
        out.print(f"  failed    {shown} of {taps} taps were shown", markup=False)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
