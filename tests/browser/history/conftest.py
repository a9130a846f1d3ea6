"""A stand-in with a full evening for each test, and its page."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.history.stand_in import Past, serving

Look = Callable[[], Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def past() -> AsyncIterator[Past]:
    async with serving() as past:
        yield past


@pytest_asyncio.fixture(loop_scope="session")
async def look(page: Page, past: Past) -> Look:
    """Open the page with a key in its link, and wait until all of it is there."""

    async def go() -> Page:
        await page.goto(past.link())
        await expect(page.locator("#state")).to_have_text("Live" if past.stream.status == "live" else "Ended")
        return page

    return go
