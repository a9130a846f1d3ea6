"""The receipt of a vote, and what became of it."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from gateway import problems
from tests.browser import messages
from tests.browser.answers import RECEIPT
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AWAY = problems.HISTORY_UNREACHABLE
OUTCOMES: list[tuple[dict[str, Any], str]] = [
    ({"outcome": "pending"}, "It is safe, and not tallied yet. Ask again in a few seconds."),
    ({"outcome": "counted"}, "It is counted."),
    ({"outcome": "counted", "ballot": "b4" * 11}, f"It is counted. In the list of ballots it is {'b4' * 11}."),
    ({"outcome": "duplicate"}, "It is not counted: you had voted before."),
    (
        {"type": AWAY.type, "title": AWAY.title, "detail": AWAY.about, "status": AWAY.status},
        "The list of votes cannot be read just now.",
    ),
]


async def vote(page: Page) -> None:
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await page.get_by_text("Receipt", exact=True).click()


async def test_asking_what_became_of_a_vote(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    page = await watch()
    await vote(page)
    await expect(page.get_by_text(RECEIPT)).to_be_visible()
    for outcome, words in OUTCOMES:
        stand_in.outcome = outcome
        await page.get_by_role("button", name="What became of my vote?").click()
        await expect(page.locator(".receipt p")).to_have_text(words)
    assert set(stand_in.receipts) == {RECEIPT}


async def test_a_long_receipt_fits_a_small_screen(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll(allow_change=True, allow_withdraw=True)])
    page = await watch()
    await page.set_viewport_size({"width": 320, "height": 640})
    await vote(page)
    await expect(page.get_by_text(RECEIPT)).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
