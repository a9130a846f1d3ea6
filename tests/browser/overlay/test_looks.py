"""Whether it can be read, by whom and over what; and how the page comes."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, Request, expect

from tests.browser import messages
from tests.browser.accessibility import violations
from tests.browser.overlay.address import overlay_link
from tests.browser.overlay.conftest import Overlay
from tests.browser.stand_in import StandIn
from tests.browser.test_appearance import luminance
from tests.browser.test_loading import PAGES

pytestmark = pytest.mark.browser
in_browser = pytest.mark.asyncio(loop_scope="session")

EMOJI_FONT = re.compile(r"emoji-font: (.*);")
_COLOURS = """(names) => names.map((name) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour.match(/[\\d.]+/g).map(Number);
})"""


def over(card: list[float], ground: int) -> str:
    """Return the colour of a card that lets a grey ground through."""
    opacity = card[3] if len(card) > 3 else 1
    return "#" + "".join(f"{round(part * opacity + ground * (1 - opacity)):02x}" for part in card[:3])


@in_browser
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("ground", [0, 255], ids=["black", "white"])
async def test_text_stands_out_over_any_picture(overlay: Overlay, theme: str, ground: int) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 to 1, whatever shines through the card."""
    page = await overlay(f"theme={theme}")
    card, *texts = await page.evaluate(
        _COLOURS, ["--ovation-card", "--ovation-ink", "--ovation-soft", "--ovation-accent", "--ovation-right"]
    )
    for text in texts:
        lighter, darker = sorted((luminance(over(text, 0)), luminance(over(card, ground))), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (text, card)


@in_browser
@pytest.mark.parametrize("layout", ["bottom-left", "lower-third", "full"])
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_rules_of_accessibility(overlay: Overlay, stand_in: StandIn, layout: str, theme: str) -> None:
    poll = messages.poll((3, 2, 1), status="final", correct=["1"])
    stand_in.snapshot = messages.snapshot({"🔥": 5, "👏": 3}, [poll], watching=12)
    page = await overlay(f"layout={layout}&theme={theme}&result=0&motion=none")
    await expect(page.locator("#poll")).to_be_visible()
    assert await violations(page) == []


@in_browser
async def test_comes_without_a_complaint(page: Page, stand_in: StandIn, complaints: list[str]) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "script":
            asked.append(request.url)

    page.on("request", note)
    stand_in.snapshot = messages.snapshot({"🔥": 5}, [messages.poll()])
    await page.goto(overlay_link(stand_in))
    await expect(page.locator("#poll")).to_be_visible()
    assert sorted(asked) == sorted(set(asked))
    assert complaints == []


def test_emojis_are_the_same_on_every_page() -> None:
    def font(path: Path) -> list[str]:
        return EMOJI_FONT.findall(path.read_text())

    assert font(PAGES / "overlay" / "overlay.css")[0] == font(PAGES / "parts" / "base.css")[0]
