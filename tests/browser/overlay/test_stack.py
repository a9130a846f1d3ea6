"""The overlay on the whole embedded stack: what the crowd does is on air, a killed gateway or not."""

import os
import signal

import pytest
from playwright.async_api import Page, expect

from local.stack import Stack
from ovation.addresses import Addresses
from ovation.client.gateway import GatewayClient

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.timeout(600),  # the first test of a run that needs the stack also waits for it
    pytest.mark.asyncio(loop_scope="session"),
]

SOON_MS = 15_000
RESTART_MS = 60_000


async def test_the_numbers_are_on_air_through_a_killed_gateway(page: Page, stack: Stack, addresses: Addresses) -> None:
    async with GatewayClient(addresses.gateway_url, addresses.api_key.get_secret_value()) as client:
        stream = await client.open_stream("Sunday final", ["🔥", "👏"])
        await client.open_poll(stream, "Who scores the next goal?", ["Ada", "Bela"])
        viewer = await client.token(stream, "viewer-1")
        overlay = await client.token(stream, "obs", role="overlay")

        await page.goto(f"{addresses.gateway_url}/overlay/{stream}?debug=1#token={overlay}")
        await expect(page.locator("#question")).to_have_text("Who scores the next goal?", timeout=SOON_MS)
        await client.react(stream, viewer, {"🔥": 3})
        await expect(page.locator(".total")).to_have_text("🔥 3", timeout=SOON_MS)

        os.kill(stack.supervisor.pids()["gateway"], signal.SIGKILL)
        await expect(page.locator("#debug")).to_contain_text(f"{stream}: reconnecting")
        await expect(page.locator(".total")).to_have_text("🔥 3")
        await expect(page.locator("#debug")).to_contain_text(f"{stream}: live", timeout=RESTART_MS)
        await client.react(stream, viewer, {"🔥": 4})
        await expect(page.locator(".total")).to_have_text("🔥 7", timeout=SOON_MS)
        await expect(page.locator("#question")).to_be_visible()
