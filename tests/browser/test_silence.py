"""A network can die without a word; a page that only watches notices it all the same."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.browser import messages
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUIET_MS = 12_000
PROBE_MS = 4_000


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


async def test_a_dead_connection_is_noticed_and_replaced(page: Page, watch: Watch, stand_in: StandIn) -> None:
    await page.clock.install()
    await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    stand_in.answer = lambda _: None
    await page.clock.fast_forward(QUIET_MS)
    await stand_in.until(lambda: stand_in.came("ping"))
    await expect(page.locator("#connection")).to_have_text("Live")
    stand_in.snapshot = messages.snapshot({"🔥": 7})
    await page.clock.fast_forward(PROBE_MS)
    await expect(page.get_by_role("button", name="🔥 7 taps")).to_be_visible()
    assert stand_in.connections == 2


async def test_a_quiet_stream_keeps_its_connection(page: Page, watch: Watch, stand_in: StandIn) -> None:
    answers: asyncio.Queue[str | bytes] = asyncio.Queue()
    page.on("websocket", lambda socket: socket.on("framereceived", answers.put_nowait))
    await page.clock.install()
    await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    for probes in range(1, 4):
        await page.clock.fast_forward(QUIET_MS)
        await stand_in.until(lambda: len(stand_in.came("ping")) == probes)  # noqa: B023 - it is awaited here
        # Time goes on only once the page has its answer.
        async with asyncio.timeout(10):
            while b'"ack"' not in _bytes(await answers.get()):
                pass
        await page.evaluate("0")
    await page.get_by_role("button", name="🔥").click()
    await stand_in.until(stand_in.taps)
    assert stand_in.connections == 1


async def test_a_lively_stream_is_not_asked(page: Page, watch: Watch, stand_in: StandIn) -> None:
    await page.clock.install()
    await watch()
    for total in (1, 2, 3):
        await page.clock.fast_forward(QUIET_MS - 2_000)
        await stand_in.push(messages.reactions({"🔥": total}))
        await expect(page.get_by_role("button", name=f"🔥 {total} tap")).to_be_visible()
    await page.get_by_role("button", name="🔥").click()
    await stand_in.until(stand_in.taps)
    assert stand_in.came("ping") == []


async def test_a_page_that_is_looked_at_again_asks_at_once(page: Page, watch: Watch, stand_in: StandIn) -> None:
    await page.clock.install()
    await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    stand_in.answer = lambda _: None
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await stand_in.until(lambda: stand_in.came("ping"))
    await page.clock.fast_forward(PROBE_MS)
    await stand_in.until(lambda: stand_in.connections == 2)
