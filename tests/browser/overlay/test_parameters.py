"""What can be said in the overlay's address, and what becomes of what cannot."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import messages
from tests.browser.overlay.address import OVERLAY
from tests.browser.overlay.conftest import Overlay
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DOCUMENT = Path(__file__).parents[3] / "docs" / "overlay.md"
ROW = re.compile(r"^\| `([a-z-]+)` \| (.+?) \| (.+?) \|", re.MULTILINE)

_READ = """async (query) => {
  const { readParameters } = await import(document.querySelector("script").src.replace("overlay.js", "parameters.js"));
  const { values, given, complaints } = readParameters(new URLSearchParams(query));
  return { values, given: [...given], complaints };
}"""
_TABLE = """async () => {
  const { PARAMETERS } = await import(document.querySelector("script").src.replace("overlay.js", "parameters.js"));
  return Object.entries(PARAMETERS).map(([name, { fallback, words }]) => [name, String(fallback ?? "auto"), words]);
}"""


async def read(page: Page, query: str) -> dict[str, Any]:
    result: dict[str, Any] = await page.evaluate(_READ, query)
    return result


async def test_the_document_says_what_the_page_reads(overlay: Overlay) -> None:
    page = await overlay()
    table = {name: (bounds, fallback) for name, bounds, fallback in ROW.findall(DOCUMENT.read_text())}
    for name, fallback, words in await page.evaluate(_TABLE):
        assert name in table, f"{name} is missing in docs/overlay.md"
        bounds, default = (text.replace("`", "") for text in table.pop(name))
        assert bounds == words.removeprefix("a number ").removeprefix("a whole number "), name
        assert default == (fallback or "none"), name
    assert table == {}, "docs/overlay.md tells of parameters that there are not"


GOOD = {
    "scale=0.5": 0.5,
    "scale=3": 3,
    "margin=0": 0,
    "max=500": 500,
    "stale-after=3600": 3600,
    "accent=FF8800": "FF8800",
    "font=Fira%20Sans": "Fira Sans",
    "show=poll,totals": ["poll", "totals"],
    "show=": [],
    "poll=cup-final_2": "cup-final_2",
    "layout=lower-third": "lower-third",
}
BAD = (
    "scale=0.4",
    "scale=3.1",
    "scale=-1",
    "scale=1e1",
    "scale=",
    "max=0",
    "max=501",
    "max=2.5",
    "options=51",
    "interval=19",
    "accent=%23ff8800",
    "accent=red",
    "font=a%22;}body{display:none}",
    "font=" + "x" * 65,
    "show=poll,everything",
    "poll=../secret",
    "layout=middle",
    "debug=yes",
    "colour=red",
    "__proto__=1",
    "constructor=1",
    "font=" + "x" * 10_000,
)


async def test_takes_what_is_within_bounds(overlay: Overlay) -> None:
    page = await overlay()
    for query, value in GOOD.items():
        result = await read(page, query)
        name = query.partition("=")[0]
        assert result["values"][name] == value, query
        assert result["given"] == [name], query
        assert result["complaints"] == [], query


async def test_falls_back_from_what_is_not(overlay: Overlay) -> None:
    page = await overlay()
    nothing = await read(page, "")
    for query in BAD:
        result = await read(page, query)
        assert result["values"] == nothing["values"], query
        assert result["given"] == [], query
        [complaint] = result["complaints"]
        assert query.partition("=")[0] in complaint
        assert len(complaint) < 200


async def test_what_is_wrong_is_said_with_debug_alone(
    overlay: Overlay, stand_in: StandIn, complaints: list[str]
) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 5})
    page = await overlay("debug=1&scale=9&colour=red")
    debug = page.locator("#debug")
    await expect(debug).to_contain_text("scale is a number from 0.5 to 3, and not “9”.")
    await expect(debug).to_contain_text("There is no parameter “colour”.")
    await expect(debug).to_contain_text("finale: live")
    assert len(complaints) == 2
    page = await overlay("scale=9")
    await expect(page.locator(".total")).to_be_visible()
    await expect(debug).to_be_hidden()
    assert complaints[-1] == "Ovation: scale is a number from 0.5 to 3, and not “9”."


async def test_parameters_may_stand_behind_the_token(page: Page, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({"🔥": 5}, [messages.poll()])
    await page.goto(f"{stand_in.url}/overlay/{messages.STREAM}#token={OVERLAY}&show=totals&layout=full")
    await expect(page.locator(".total")).to_be_visible()
    await expect(page.locator("#poll")).to_be_hidden()
    await expect(page.locator("html")).to_have_attribute("data-layout", "full")
    assert stand_in.offered == ["ovation.v1", f"bearer.{OVERLAY}"]


@pytest.mark.parametrize(
    ("query", "area"),
    [
        ("", "left"),
        ("layout=top-right", "right"),
        ("layout=lower-third", "full"),
        ("layout=full", "full"),
        ("layout=top-right&area=middle", "middle"),
    ],
)
async def test_emojis_float_where_the_layout_leaves_room(overlay: Overlay, query: str, area: str) -> None:
    page = await overlay(query)
    await expect(page.locator("html")).to_have_attribute("data-area", area)
    box = await page.locator("#reactions").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    expected = {"left": 32 + 192, "right": 1280 - 32 - 192, "middle": 640, "full": 640}[area]
    assert middle == pytest.approx(expected, abs=1)
    assert box["width"] == pytest.approx(1280 if area == "full" else 384, abs=1)


async def test_sizes_follow_the_frame_and_the_scale(overlay: Overlay, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot({}, [messages.poll()])
    page = await overlay("scale=1.5&size=80&margin=10&motion=none")
    question = page.locator("#question")
    await expect(question).to_have_css("font-size", "33px")
    await expect(page.locator("#reactions")).to_have_css("font-size", "120px")
    await page.set_viewport_size({"width": 1920, "height": 1080})
    await expect(question).to_have_css("font-size", "49.5px")
    box = await page.locator("#poll").bounding_box()
    assert box is not None
    assert box["x"] == pytest.approx(10 * 1.5 * 1.5, abs=0.5)


async def test_the_interval_is_asked_for(page: Page, overlay: Overlay) -> None:
    async with page.expect_websocket() as opened:
        await overlay("interval=200")
    assert "interval_ms=200" in (await opened.value).url
