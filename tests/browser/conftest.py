"""One Chromium for the whole folder; a page and a stand-in of its own for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser import chromium
from tests.browser.stand_in import StandIn, serving

Watch = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chrome() -> AsyncIterator[Browser]:
    async with chromium.launched() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def context(chrome: Browser) -> AsyncIterator[BrowserContext]:
    context = await chrome.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(10_000)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stand_in() -> AsyncIterator[StandIn]:
    async with serving() as stand_in:
        yield stand_in


@pytest_asyncio.fixture(loop_scope="session")
async def complaints() -> list[str]:
    """What the browser wrote to its console as an error or a warning, refused by the CSP or thrown by a script."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext, complaints: list[str]) -> Page:
    """A page that has not gone anywhere yet."""
    page = await context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


@pytest_asyncio.fixture(loop_scope="session")
async def watch(page: Page, stand_in: StandIn) -> Watch:
    """Open the stand-in's stream as a viewer does, and wait for its first picture."""

    async def go() -> Page:
        await page.goto(stand_in.link())
        await stand_in.until(lambda: stand_in.connections)
        return page

    return go
