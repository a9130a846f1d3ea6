"""The history page on small screens, in dark rooms, and on paper."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.history import evening
from tests.browser.history.conftest import Look
from tests.browser.history.stand_in import Past
from tests.browser.test_appearance import contrast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
MANY = tuple(chr(0x1F600 + place) for place in range(30))
SERIES = [*(f"--series-{number}" for number in range(1, 9)), "--series-rest"]


async def colours(page: Page, names: list[str]) -> list[str]:
    return list(
        await page.evaluate(
            "(names) => names.map((name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim())",
            names,
        )
    )


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
async def test_nothing_is_wider_than_the_screen(look: Look, past: Past, width: int) -> None:
    past.stream = evening.stream(title=LONG_WORD * 2, emojis=MANY)
    past.taps = evening.taps(MANY)
    past.polls = [evening.poll("p", LONG_WORD * 2, {LONG_WORD: 9_000_000, "No": 7}, opened_s=60, status="final")]
    page = await look()
    await page.set_viewport_size({"width": width, "height": 740})
    await expect(page.locator("#timeline .area")).to_have_count(9)
    drawn = page.locator("#timeline svg")
    box = await page.locator("#timeline").bounding_box()
    assert box is not None
    # Drawn for this width, and not only made smaller.
    await expect(drawn).to_have_attribute("viewBox", re.compile(rf"^0 0 {round(box['width'])} "))
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_more_emojis_than_colours_are_one_area_of_others(look: Look, past: Past) -> None:
    past.stream = evening.stream(emojis=MANY)
    past.taps = evening.taps(MANY)
    page = await look()
    await expect(page.locator("#totals .bar-row")).to_have_count(30)
    await expect(page.locator("#totals .series-rest")).to_have_count(22)
    await page.locator("#timeline").hover(position={"x": 240, "y": 150})
    await expect(page.locator("#timeline .tip .tip-name").first).to_have_text("Others")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_colours_stand_out_from_a_card(look: Look, scheme: str) -> None:
    """WCAG 2.2, 1.4.11: a contrast of 3 to 1 for what is needed to understand a graphic."""
    page = await look()
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    card, *series = await colours(page, ["--card", *SERIES])
    assert len(set(series)) == len(SERIES)
    for name, colour in zip(SERIES, series, strict=True):
        assert contrast(colour, card) >= 3, name


async def test_paper_is_light_and_has_no_controls(look: Look) -> None:
    page = await look()
    await page.emulate_media(media="print", color_scheme="dark")
    assert await colours(page, ["--card", "--ink", "--series-1"]) == ["#ffffff", "#12191c", "#0b7a75"]
    breaks = await page.evaluate(
        """['.past-polls', '.past-poll', '.plot'].map((each) => getComputedStyle(document.querySelector(each)))
        .map(({ breakBefore, breakInside }) => [breakBefore, breakInside])"""
    )
    assert breaks == [["page", "auto"], ["auto", "avoid"], ["auto", "avoid"]]
    for hidden in ("#part", "#tools", "#timeline-help", "#timeline-numbers"):
        await expect(page.locator(hidden)).to_be_hidden()
    for shown in ("#timeline svg", "#totals", "#moments-table", ".past-poll svg >> nth=0"):
        await expect(page.locator(shown)).to_be_visible()


async def test_the_page_prints_whole(look: Look, tmp_path: Path) -> None:
    page = await look()
    path = tmp_path / "history.pdf"
    body = await page.pdf(path=path, format="A4", print_background=True)
    assert body.startswith(b"%PDF")
    pages = re.findall(rb"/Type\s*/Page\b", body)
    assert len(pages) == 3, "the stream, and the polls, two on a page where they fit"
    # After printing the plots are as wide as the screen again.
    box = await page.locator("#timeline").bounding_box()
    assert box is not None
    await expect(page.locator("#timeline svg")).to_have_attribute(
        "viewBox", re.compile(rf"^0 0 {round(box['width'])} ")
    )


async def test_plots_are_drawn_for_paper(look: Look) -> None:
    page = await look()
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    await expect(page.locator("#timeline svg")).to_have_attribute("viewBox", "0 0 690 280")
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    await expect(page.locator("#timeline svg")).not_to_have_attribute("viewBox", "0 0 690 280")


async def test_a_picture_of_the_page_has_its_colours_in_it(look: Look) -> None:
    """The areas are really painted: a plot without colours would pass every test of its elements."""
    page = await look()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        painted = await page.locator("#timeline .area").evaluate_all(
            "(paths) => paths.map((path) => getComputedStyle(path).fill)"
        )
        wanted = await colours(page, SERIES[: len(evening.EMOJIS)])
        assert painted == [f"rgb({', '.join(str(int(c[i : i + 2], 16)) for i in (1, 3, 5))})" for c in wanted]
        assert len(await page.screenshot(full_page=True)) > 40_000
