"""The viewer's page against the rules of accessibility, in each of its states."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import messages
from tests.browser.accessibility import SCHEMES, Scheme, violations
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_lively_stream(watch: Watch, stand_in: StandIn, scheme: Scheme) -> None:
    polls = [
        messages.poll((5, 4, 3), poll_id="first", status="final", correct=["1"]),
        messages.poll((2, 1), poll_id="rain", question="Will it rain?", options=("Yes", "No"), allow_change=True),
        messages.poll((6, 3, 1), max_choices=2),
        messages.hidden("after_close", poll_id="next", status="paused"),
    ]
    stand_in.snapshot = messages.snapshot({"🔥": 1_234}, polls)
    page = await watch()
    await page.get_by_role("radio", name="Yes").check()
    await page.get_by_role("group", name="Will it rain?").get_by_role("button", name="Vote", exact=True).click()
    await page.locator(".receipt:visible summary").click()
    assert await violations(page, scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_an_empty_stream(watch: Watch, scheme: Scheme) -> None:
    page = await watch()
    await expect(page.get_by_text("No poll yet")).to_be_visible()
    assert await violations(page, scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_link_that_opens_nothing(page: Page, stand_in: StandIn, scheme: Scheme) -> None:
    await page.goto(f"{stand_in.url}/watch/{messages.STREAM}")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await violations(page, scheme) == []
