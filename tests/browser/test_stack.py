"""The page on the whole embedded stack: what a viewer taps and votes is counted and shown, a killed gateway or not."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Protocol

import pytest
from playwright.async_api import Page, expect

from ovation.client.gateway import GatewayClient

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.asyncio(loop_scope="session")]

SOON_MS = 15_000
RESTART_MS = 60_000


class RunningStack(Protocol):
    """What this test asks of the fixture `stack`."""

    gateway_url: str
    api_key: str
    data_dir: Path


async def test_taps_and_a_vote_are_counted_through_a_killed_gateway(page: Page, stack: RunningStack) -> None:
    async with GatewayClient(stack.gateway_url, stack.api_key) as client:
        stream = await client.open_stream("Sunday final", ["🔥", "👏"])
        await client.open_poll(stream, "Who scores the next goal?", ["Ada", "Bela"])
        token = await client.token(stream, "viewer-1")

    await page.goto(f"{stack.gateway_url}/watch/{stream}#token={token}")
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

    os.kill(await gateway_pid(stack), signal.SIGKILL)
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    await expect(page.locator("#connection")).to_have_text("Live", timeout=RESTART_MS)
    await expect(fire).to_have_accessible_name("🔥 3 taps")
    await fire.click()
    await expect(fire).to_have_accessible_name("🔥 4 taps", timeout=SOON_MS)
    await expect(votes).to_have_text("1 vote, 100%")
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()


async def gateway_pid(stack: RunningStack) -> int:
    """Return the process of the stack's gateway."""
    command = (sys.executable, "-m", "ovation", "status", "--json", "--data-dir", str(stack.data_dir))
    status = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    printed, _ = await status.communicate()
    return int(json.loads(printed)["gateway"]["pid"])
