"""A page held against the rules of accessibility by axe, which its wheel brings along."""

from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

_OPTIONS = {
    "resultTypes": ["violations"],
    # All of WCAG 2.2 up to AA that a program can tell, and what the makers of axe think good beside it.
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}


async def violations(page: Page, scheme: Scheme = "light") -> list[str]:
    """Return what is wrong with the page as it stands, in words: each rule with the elements that break it.

    Nothing moves meanwhile, for half a fade has half a contrast.
    """
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    results = await Axe().run(page, options=_OPTIONS)
    return [_words(broken) for broken in results.response["violations"]]


def _words(broken: dict[str, Any]) -> str:
    places = ", ".join(str(node["target"]) for node in broken["nodes"])
    return f"{broken['id']} ({broken['impact']}): {broken['help']}: {places}"
