"""The overlay as OBS opens it."""

from collections.abc import Awaitable, Callable

import pytest_asyncio
from playwright.async_api import Page

from tests.browser.overlay.address import overlay_link
from tests.browser.stand_in import StandIn

Overlay = Callable[..., Awaitable[Page]]

FRAME = {"width": 1280, "height": 720}


@pytest_asyncio.fixture(loop_scope="session")
async def overlay(page: Page, stand_in: StandIn) -> Overlay:
    """Open the overlay of the stand-in's stream with some parameters, and wait until it is connected."""
    await page.set_viewport_size({"width": FRAME["width"], "height": FRAME["height"]})

    async def go(query: str = "") -> Page:
        await page.goto(overlay_link(stand_in, query))
        await stand_in.until(lambda: stand_in.connections)
        return page

    return go
