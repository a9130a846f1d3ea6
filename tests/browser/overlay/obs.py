"""What OBS does to the page of a browser source."""

from playwright.async_api import Page

_ADD_STYLE = """(css) => {
  const style = document.createElement("style");
  style.appendChild(document.createTextNode(css));
  document.querySelector("head").appendChild(style);
}"""

DEFAULT_CSS = "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }"
"""What OBS has in its box "Custom CSS" before anybody writes there."""


async def custom_css(page: Page, css: str) -> None:
    """Add what is in the box "Custom CSS", as OBS does once the page has loaded: by a script of the page."""
    await page.evaluate(_ADD_STYLE, css)


async def change_scene(page: Page, *, shows: bool) -> None:
    """Hide the source, or show it again: OBS tells the page by an event."""
    await page.evaluate(
        "(visible) => window.dispatchEvent(new CustomEvent('obsSourceVisibleChanged', { detail: { visible } }))", shows
    )
