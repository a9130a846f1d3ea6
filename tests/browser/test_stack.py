"""The page on the whole embedded stack: what a viewer taps and votes is counted and shown, a killed gateway or not."""

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


async def test_taps_and_a_vote_are_counted_through_a_killed_gateway(
    page: Page, stack: Stack, addresses: Addresses
) -> None:
    async with GatewayClient(addresses.gateway_url, addresses.api_key.get_secret_value()) as client:
        stream = await client.open_stream("Sunday final", ["🔥", "👏"])
        await client.open_poll(stream, "Who scores the next goal?", ["Ada", "Bela"])
        token = await client.token(stream, "viewer-1")

    await page.goto(f"{addresses.gateway_url}/watch/{stream}#token={token}")
    fire = page.get_by_role("button", name="🔥")
    await expect(page.locator("#connection")).to_have_text("Live", timeout=SOON_MS)
    for _ in range(3):
        await fire.click()
    await expect(fire).to_have_accessible_name("🔥 3 taps", timeout=SOON_MS)

    await page.get_by_role("radio", name="Bela").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.get_by_text("Your vote is in.")).to_be_visible(timeout=SOON_MS)
    votes = page.locator(".option").filter(has_text="Bela").locator(".votes")
    await expect(votes).to_have_text("1 vote, 100%", timeout=SOON_MS)

    os.kill(stack.supervisor.pids()["gateway"], signal.SIGKILL)
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    # What is tapped while there is no gateway waits for one.
    await fire.click()
    await expect(page.locator("#taps-note")).to_have_text("No connection just now. 1 tap waits for it.")
    await expect(page.locator("#connection")).to_have_text("Live", timeout=RESTART_MS)
    await expect(fire).to_have_accessible_name("🔥 4 taps", timeout=SOON_MS)
    await fire.click()
    await expect(fire).to_have_accessible_name("🔥 5 taps", timeout=SOON_MS)
    await expect(votes).to_have_text("1 vote, 100%")
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
