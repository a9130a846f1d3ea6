"""The time that is left, by the server's clock and never by the phone's."""

import re
import time
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser import messages
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WRONG_CLOCKS = ("2001-09-09T01:46:40Z", "2050-01-01T00:00:00Z")


def in_seconds(seconds: int) -> int:
    return int(time.time() * 1000) + seconds * 1000


@pytest.mark.parametrize("phone", WRONG_CLOCKS)
async def test_counts_down_on_a_phone_with_a_wrong_clock(
    page: Page, watch: Watch, stand_in: StandIn, phone: str
) -> None:
    await page.clock.install(time=phone)
    stand_in.snapshot = messages.snapshot(polls=[messages.poll(closes_at=in_seconds(90))])
    await watch()
    timer = page.get_by_role("timer")
    await expect(timer).to_have_text(re.compile(r"^Closes in 1:[12]\d$"))
    await page.clock.fast_forward(60_000)
    await expect(timer).to_have_text(re.compile(r"^Closes in 0:[12]\d$"))
    # Only the gateway says that it is over.
    await page.clock.fast_forward(60_000)
    await expect(timer).to_have_text("Closing…")
    await expect(page.locator(".chip")).to_have_text("Open")
    await stand_in.push(messages.poll(status="closed", closes_at=in_seconds(-30)))
    await expect(page.locator(".chip")).to_have_text("Closed")
    await expect(timer).to_be_hidden()


async def test_a_coming_poll_counts_down_to_its_opening(page: Page, watch: Watch, stand_in: StandIn) -> None:
    await page.clock.install()
    times: dict[str, Any] = {"opens_at": in_seconds(2 * 3600 + 65), "closes_at": in_seconds(3 * 3600)}
    stand_in.snapshot = messages.snapshot(polls=[messages.poll(status="scheduled", **times)])
    await watch()
    timer = page.get_by_role("timer")
    await expect(timer).to_have_text(re.compile(r"^Opens in 2:0[01]:\d\d$"))
    await page.clock.fast_forward(2 * 3600 * 1000 + 70_000)
    await expect(timer).to_have_text("Opening…")
    # While it is paused the time runs on.
    await stand_in.push(messages.poll(status="paused", closes_at=in_seconds(3 * 3600)))
    await expect(timer).to_have_text(re.compile(r"^Closes in 5\d:\d\d$"))


async def test_times_that_are_days_away(watch: Watch, stand_in: StandIn) -> None:
    coming = messages.poll(status="scheduled", opens_at=in_seconds(3 * 86_400 + 60), closes_at=in_seconds(6 * 86_400))
    going_on = messages.poll(poll_id="rain", closes_at=in_seconds(2 * 86_400 - 60))
    stand_in.snapshot = messages.snapshot(polls=[coming, going_on])
    page = await watch()
    await expect(page.locator(".countdown")).to_have_text(["Closes in 1 day", "Opens in 3 days"])


async def test_without_a_date_the_newest_message_says_the_time(page: Page, watch: Watch, stand_in: StandIn) -> None:
    async def without_network(route: Route) -> None:
        await (route.abort() if route.request.resource_type == "fetch" else route.continue_())

    await page.route("**/server_clock.js", without_network)
    await page.clock.install(time=WRONG_CLOCKS[0])
    stand_in.snapshot = messages.snapshot(polls=[messages.poll(as_of=in_seconds(0), closes_at=in_seconds(45))])
    stand_in.snapshot["as_of"] = in_seconds(0)
    await watch()
    await expect(page.get_by_role("timer")).to_have_text(re.compile(r"^Closes in 0:[34]\d$"))


async def test_a_device_that_slept_asks_for_the_time_again(page: Page, watch: Watch, stand_in: StandIn) -> None:
    # Its stopwatch stands while it sleeps, and lacks that time when it wakes up.
    await page.add_init_script(
        "window.slept = 0; const now = performance.now.bind(performance); performance.now = () => now() - slept"
    )
    stand_in.snapshot = messages.snapshot(polls=[messages.poll(closes_at=in_seconds(45))])
    await watch()
    timer = page.get_by_role("timer")
    await expect(timer).to_have_text(re.compile(r"^Closes in 0:[34]\d$"))
    await page.evaluate("window.slept = 60_000")
    await expect(timer).to_have_text(re.compile(r"^Closes in 1:[34]\d$"))
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(timer).to_have_text(re.compile(r"^Closes in 0:[34]\d$"))
