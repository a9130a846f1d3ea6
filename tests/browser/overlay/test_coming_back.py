"""The overlay is whole again after whatever OBS, the network or a gateway does, and shows no error on air."""

import asyncio
import time

import pytest
from playwright.async_api import Page, expect

from bench.overlay import TIME_FRAMES
from tests.browser import messages
from tests.browser.overlay.address import OVERLAY, overlay_link
from tests.browser.overlay.conftest import Overlay
from tests.browser.overlay.obs import change_scene
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
MOST_DRAWN = "Math.max(0, ...frames_.map(([, , drawn]) => drawn))"


async def test_a_reload_in_the_middle(overlay: Overlay, stand_in: StandIn, complaints: list[str]) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 500}, [messages.poll((3, 2, 1))])
    page = await overlay("layout=full")
    await expect(page.locator(".total")).to_have_text("🔥 500")
    address = page.url
    # Nothing was taken out of it: OBS loads this address and has nothing else.
    assert address.endswith(f"#token={OVERLAY}")
    stand_in.snapshot = messages.snapshot({"🔥": 900}, [messages.poll((3, 2, 5))])
    await page.reload()
    assert page.url == address
    await expect(page.locator(".total")).to_have_text("🔥 900")
    await expect(page.locator(".share")).to_have_text(["30%", "20%", "50%"])
    assert stand_in.connections == 2
    assert complaints == []


async def test_without_any_storage(page: Page, stand_in: StandIn, complaints: list[str]) -> None:
    await page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
             Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });"""
    )
    stand_in.snapshot = messages.snapshot({"🔥": 500})
    await page.goto(overlay_link(stand_in))
    await expect(page.locator(".total")).to_have_text("🔥 500")
    assert complaints == []


async def test_another_link_is_another_overlay(overlay: Overlay, stand_in: StandIn) -> None:
    """OBS goes to a link that differs in the fragment alone without loading the page."""
    page = await overlay()
    await page.goto(overlay_link(stand_in, overlay_token=OVERLAY + "2"))
    await stand_in.until(lambda: stand_in.connections == 2)
    assert stand_in.offered == ["ovation.v1", f"bearer.{OVERLAY}2"]


@pytest.mark.parametrize("by", ["obs", "page"])
async def test_a_scene_change_brings_the_newest_numbers_and_no_old_emojis(
    page: Page, overlay: Overlay, stand_in: StandIn, by: str
) -> None:
    async def show(shows: bool) -> None:
        await (change_scene(page, shows=shows) if by == "obs" else page.evaluate(HIDE, not shows))

    await page.add_init_script(TIME_FRAMES)
    stand_in.snapshot = messages.snapshot({"🔥": 500}, [messages.poll((3, 2, 1))])
    await overlay()
    await expect(page.locator(".total")).to_have_text("🔥 500")
    await show(False)
    for step in range(1, 40):
        await stand_in.push(messages.reactions({"🔥": 500 + 200 * step}), messages.poll((3, 2, 1 + step)))
    # The page has heard all of it once a further scene has been answered, and draws nothing.
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 200))")
    await expect(page.locator(".total")).to_have_text("🔥 500")
    await page.evaluate("frames_.length = 0")
    await show(True)
    await expect(page.locator(".total")).to_have_text("🔥 8,300")
    await expect(page.locator(".share")).to_have_text(["7%", "4%", "89%"])
    assert await page.evaluate(MOST_DRAWN) == 0
    # And what is tapped from now on floats again.
    async with asyncio.timeout(10):
        taps = 8_300
        while not await page.evaluate(MOST_DRAWN):
            taps += 1
            await stand_in.push(messages.reactions({"🔥": taps}))


async def test_a_page_that_stood_still_shows_no_burst(page: Page, overlay: Overlay, stand_in: StandIn) -> None:
    await page.add_init_script(TIME_FRAMES)
    stand_in.snapshot = messages.snapshot({"🔥": 500})
    await overlay()
    await expect(page.locator(".total")).to_have_text("🔥 500")
    async with asyncio.TaskGroup() as group:
        group.create_task(
            page.evaluate("() => { for (const end = performance.now() + 2000; performance.now() < end; ); }")
        )
        await asyncio.sleep(0.5)
        for step in range(1, 40):
            await stand_in.push(messages.reactions({"🔥": 500 + 20_000 * step}))
    await expect(page.locator(".total")).to_have_text("🔥 780K")
    assert await page.evaluate(MOST_DRAWN) == 0


async def test_a_killed_gateway_leaves_the_numbers_as_they_were(
    page: Page, overlay: Overlay, stand_in: StandIn
) -> None:
    await page.add_init_script(TIME_FRAMES)
    stand_in.snapshot = messages.snapshot({"🔥": 500}, [messages.poll((3, 2, 1))])
    await overlay()
    await expect(page.locator(".total")).to_have_text("🔥 500")
    stand_in.snapshot = messages.snapshot({"🔥": 450_000}, [messages.poll((3, 2, 4))])
    stand_in.drop()
    await stand_in.until(lambda: stand_in.connections == 2)
    await expect(page.locator(".total")).to_have_text("🔥 450K")
    await expect(page.locator(".share")).to_have_text(["33%", "22%", "44%"])
    # What was tapped meanwhile is past.
    assert await page.evaluate(MOST_DRAWN) == 0


@pytest.mark.parametrize(("stale", "opacity"), [("dim", "0.45"), ("hide", "0"), ("keep", "1")])
async def test_a_connection_that_is_gone_for_long(
    page: Page, overlay: Overlay, stand_in: StandIn, stale: str, opacity: str
) -> None:
    await page.clock.install(time=time.time())
    stand_in.snapshot = messages.snapshot({"🔥": 500}, [messages.poll((3, 2, 1))])
    await overlay(f"stale={stale}&stale-after=20&motion=none")
    await expect(page.locator(".total")).to_have_text("🔥 500")
    stand_in.closing = (1013, "")
    await stand_in.close(1001, "stopping")
    await page.clock.run_for(19_000)
    await expect(page.locator("#board")).to_have_css("opacity", "1")
    await page.clock.run_for(2_000)
    await expect(page.locator("#board")).to_have_css("opacity", opacity)
    await expect(page.locator(".total")).to_have_text("🔥 500")
    await expect(page.locator("#debug")).to_be_hidden()
    # An hour later it is still trying.
    await page.clock.fast_forward(3_600_000)
    stand_in.closing = None
    async with asyncio.timeout(10):
        while stand_in.connections < 2:
            # In short steps: the page's patience goes by this clock, and the network does not.
            await page.clock.run_for(500)
            await asyncio.sleep(0.02)
    await expect(page.locator("#board")).to_have_css("opacity", "1")


@pytest.mark.parametrize(
    ("code", "reason", "words"),
    [(4401, "expired-token", "This link has expired"), (4404, "unknown-stream", "There is no such stream")],
)
async def test_what_no_retry_heals_is_tried_again_and_said_with_debug_alone(
    page: Page, stand_in: StandIn, complaints: list[str], code: int, reason: str, words: str
) -> None:
    await page.clock.install(time=time.time())
    stand_in.closing = (code, reason)
    await page.goto(overlay_link(stand_in, "debug=1"))
    await expect(page.locator("#debug")).to_contain_text(words)
    assert any(words in complaint for complaint in complaints)
    stand_in.closing = None
    stand_in.snapshot = messages.snapshot({"🔥": 500})
    await page.clock.run_for(15_000)
    await stand_in.until(lambda: stand_in.connections == 1)
    await expect(page.locator(".total")).to_have_text("🔥 500")
    await expect(page.locator("#debug")).not_to_contain_text(words)


async def test_without_debug_a_problem_is_not_on_air(
    overlay: Overlay, stand_in: StandIn, complaints: list[str]
) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 500})
    page = await overlay("motion=none")
    await expect(page.locator(".total")).to_have_text("🔥 500")
    before = await page.screenshot(omit_background=True)
    await stand_in.close(4401, "expired-token")
    async with asyncio.timeout(10):
        while not complaints:
            await page.evaluate("new Promise(requestAnimationFrame)")
    assert "This link has expired" in complaints[0]
    assert await page.screenshot(omit_background=True) == before


@pytest.mark.parametrize("fragment", ["", "#token=", "#token=cut off"])
async def test_without_a_token(page: Page, stand_in: StandIn, complaints: list[str], fragment: str) -> None:
    await page.goto(f"{stand_in.url}/overlay/{messages.STREAM}?debug=1{fragment}")
    await expect(page.locator("#debug")).to_contain_text("The link has no token: it ends in #token= and a long text.")
    assert stand_in.connections == 0
    assert len(complaints) == 1
