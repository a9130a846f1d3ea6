"""OBS's box "Custom CSS": it outranks the address, which outranks the theme."""

import pytest
from playwright.async_api import expect

from tests.browser import messages
from tests.browser.overlay.conftest import Overlay
from tests.browser.overlay.obs import DEFAULT_CSS, custom_css
from tests.browser.overlay.pixels import drawn
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VARIABLES = """:root {
  --ovation-accent: rgb(255, 0, 128); --ovation-ink: rgb(0, 0, 255); --ovation-card: rgb(1, 2, 3);
  --ovation-font: monospace; --ovation-radius: 0; --ovation-margin: 100px; --ovation-width: 500px;
  --ovation-emoji-size: 64px; --ovation-emoji-opacity: 0.5;
}"""


async def test_variables_outrank_theme_and_address(overlay: Overlay, stand_in: StandIn, complaints: list[str]) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 5}, [messages.poll((1, 0, 0))])
    page = await overlay("theme=light&accent=00ff00&font=Serif&margin=10&size=20&motion=none")
    fill = page.locator(".fill").first
    await expect(fill).to_have_css("background-color", "rgb(0, 255, 0)")
    await custom_css(page, VARIABLES)
    await expect(fill).to_have_css("background-color", "rgb(255, 0, 128)")
    await expect(page.locator("#question")).to_have_css("color", "rgb(0, 0, 255)")
    await expect(page.locator("#question")).to_have_css("font-family", "monospace")
    await expect(page.locator("#poll")).to_have_css("background-color", "rgb(1, 2, 3)")
    await expect(page.locator("#poll")).to_have_css("border-radius", "0px")
    await expect(page.locator("#reactions")).to_have_css("opacity", "0.5")
    box = await page.locator("#poll").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (100, 500)
    # Neither what OBS does nor what the page does itself is against its policy.
    assert complaints == []


async def test_what_obs_adds_of_itself_changes_nothing(overlay: Overlay, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 5}, [messages.poll((1, 0, 0))])
    page = await overlay("motion=none")
    await expect(page.locator("#poll")).to_be_visible()
    before = await page.screenshot(omit_background=True)
    await custom_css(page, DEFAULT_CSS)
    assert await page.screenshot(omit_background=True) == before


async def test_any_rule_wins_whatever_its_weight(overlay: Overlay, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 5}, [messages.poll((1, 0, 0))])
    page = await overlay("motion=none&layout=full")
    await expect(page.locator("#poll")).to_be_visible()
    await custom_css(page, "section { display: none } p, ul { background: none; box-shadow: none }")
    await expect(page.locator("#poll")).to_be_hidden()


async def test_emojis_take_their_new_size(overlay: Overlay, stand_in: StandIn) -> None:
    page = await overlay("show=reactions&area=full&speed=0.25")
    await custom_css(page, ":root { --ovation-emoji-size: 200px } #reactions { left: 400px; width: 400px }")
    await stand_in.push(messages.reactions({"🔥": 1}))
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 3500))")
    left, top, right, bottom = await drawn(page) or (0, 0, 0, 0)
    # The smallest form is seven tenths of the size, and no flame is square.
    assert 80 < right - left < 400
    assert bottom - top > 100
    assert left >= 400
    assert right <= 800


async def test_scripts_stay_forbidden(overlay: Overlay) -> None:
    page = await overlay()
    ran = await page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.head.append(script);
          return window.ran === true;
        }"""
    )
    assert not ran
