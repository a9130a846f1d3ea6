"""The network goes, and comes back: nothing that was tapped or voted meanwhile is lost."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser import messages
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CUT_MS = 20_000


async def test_twenty_seconds_without_a_network(
    context: BrowserContext, page: Page, watch: Watch, stand_in: StandIn
) -> None:
    await page.clock.install()
    stand_in.snapshot = messages.snapshot({"🔥": 500}, [messages.poll()])
    await watch()
    await expect(page.locator("#connection")).to_have_text("Live")
    devtools = await context.new_cdp_session(page)
    await devtools.send("Network.enable")
    cut = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    await devtools.send("Network.emulateNetworkConditions", cut)
    # What Chromium cuts off here is new connections; the open one dies with the gateway.
    stand_in.drop()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    for _ in range(3):
        await page.get_by_role("button", name="🔥").click()
    await page.get_by_role("radio", name="Bela").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await page.clock.run_for(CUT_MS)
    await expect(page.locator("#taps-note")).to_have_text("No connection just now. 3 taps wait for it.")
    await expect(page.get_by_text("Your vote waits for the connection.")).to_be_visible()
    # Numbers that were seen stay where they are.
    await expect(page.get_by_role("button", name="🔥 500 taps")).to_be_visible()

    stand_in.snapshot = messages.snapshot({"🔥": 620}, [messages.poll((3, 0, 0))])
    assert stand_in.connections == 1
    # The browser says that the network is back, and the page tries at once.
    await devtools.send("Network.emulateNetworkConditions", cut | {"offline": False})
    await expect(page.get_by_role("button", name="🔥 620 taps")).to_be_visible()
    await page.clock.run_for(1_000)
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    await stand_in.until(lambda: stand_in.taps() == {"🔥": 3})
    assert [vote["choices"] for vote in stand_in.votes()] == [["2"]]
