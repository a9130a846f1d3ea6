"""The browser of these tests: the Chromium of this machine, or else the one that Playwright has installed."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


@asynccontextmanager
async def launched(*more: str) -> AsyncIterator[Browser]:
    """Run a headless Chromium with `more` arguments. Raises playwright's Error where there is none."""
    executable = next((path for path in map(shutil.which, _NAMES) if path), None)
    # Chromium's sandbox refuses to run as root, as in a container.
    sandbox = () if os.geteuid() else ("--no-sandbox",)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=[*_ARGUMENTS, *sandbox, *more])
        try:
            yield browser
        finally:
            await browser.close()
