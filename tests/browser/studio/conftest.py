"""A stand-in for each test, and its page."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.studio.stand_in import Server, Studio, serving

Look = Callable[[], Awaitable[Page]]

_OF_REFUSALS = "Failed to load resource"
"""What Chromium says of every answer that is a problem, and of a gateway that is away."""


@pytest_asyncio.fixture(loop_scope="session")
async def served() -> AsyncIterator[tuple[Studio, Server]]:
    async with serving() as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def studio(served: tuple[Studio, Server]) -> Studio:
    return served[0]


@pytest_asyncio.fixture(loop_scope="session")
async def server(served: tuple[Studio, Server]) -> Server:
    return served[1]


@pytest_asyncio.fixture(loop_scope="session")
async def look(page: Page, studio: Studio, complaints: list[str]) -> AsyncIterator[Look]:
    """Open the page with a key in its link, and wait until it shows the stream. No script of it may fail."""

    async def go() -> Page:
        await page.goto(studio.link())
        await expect(page.locator("#state")).to_have_text("Live")
        return page

    yield go
    assert [each for each in complaints if not each.startswith(_OF_REFUSALS)] == []
