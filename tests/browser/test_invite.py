"""A link with an invite, which anybody may open: each browser gets a token of its own, once."""

import pytest
from playwright.async_api import Page, expect

from gateway import problems
from tests.browser.messages import STREAM
from tests.browser.stand_in import StandIn, token

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

INVITE = token(role="invite")


def link(stand_in: StandIn) -> str:
    return f"{stand_in.url}/watch/{STREAM}#invite={INVITE}"


async def test_gets_a_token_once_per_browser(page: Page, stand_in: StandIn) -> None:
    await page.goto(link(stand_in))
    await expect(page.locator("#connection")).to_have_text("Live")
    guest = stand_in.offered
    assert stand_in.invites == [f"Bearer {INVITE}"]
    # The link is there to be passed on.
    assert page.url == link(stand_in)
    await page.reload()
    await expect(page.locator("#connection")).to_have_text("Live")
    other_tab = await page.context.new_page()
    await other_tab.goto(link(stand_in))
    await expect(other_tab.locator("#connection")).to_have_text("Live")
    assert stand_in.connections == 3
    assert stand_in.offered == guest
    assert len(stand_in.invites) == 1


async def test_an_old_token_is_exchanged_for_a_new_one(page: Page, stand_in: StandIn) -> None:
    await page.goto(link(stand_in))
    await expect(page.locator("#connection")).to_have_text("Live")
    first = stand_in.offered
    await stand_in.close(4401, "expired-token")
    await stand_in.until(lambda: stand_in.connections == 2)
    await expect(page.locator("#connection")).to_have_text("Live")
    assert len(stand_in.invites) == 2
    assert stand_in.offered != first


async def test_each_new_token_that_opens_nothing_is_told(page: Page, stand_in: StandIn) -> None:
    await page.goto(link(stand_in))
    await expect(page.locator("#connection")).to_have_text("Live")
    stand_in.closing = (4401, "bad-token")
    await page.reload()
    await expect(page.get_by_role("alert")).to_contain_text("This link is not a good one")
    # The token from before was exchanged. The new one would be exchanged for others without end.
    assert len(stand_in.invites) == 2


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_page_that_may_not_show_the_stream_keeps_its_token(page: Page, stand_in: StandIn, is_new: bool) -> None:
    refusal = page.get_by_role("alert").filter(has_text="The stream may not be shown here")
    if is_new:
        stand_in.closing = (4403, "foreign-origin")
        await page.goto(link(stand_in))
    else:
        await page.goto(link(stand_in))
        await expect(page.locator("#connection")).to_have_text("Live")
        await stand_in.close(4403, "foreign-origin")
    await expect(refusal).to_be_visible()
    guest, stand_in.closing = stand_in.offered, None
    await page.reload()
    await expect(page.locator("#connection")).to_have_text("Live")
    assert stand_in.offered == guest
    assert len(stand_in.invites) == 1


async def test_an_invite_that_is_over_is_told_in_words(page: Page, stand_in: StandIn) -> None:
    stand_in.inviting = problems.EXPIRED_TOKEN
    await page.goto(link(stand_in))
    await expect(page.get_by_role("alert")).to_contain_text("This link has expired")
    assert stand_in.connections == 0


async def test_waits_for_a_gateway_that_is_starting(page: Page, stand_in: StandIn) -> None:
    stand_in.inviting = problems.STARTING
    await page.goto(link(stand_in))
    await stand_in.until(lambda: len(stand_in.invites) == 2)
    stand_in.inviting = None
    await expect(page.locator("#connection")).to_have_text("Live")
