"""Results that show only after voting, or only after the close."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import messages
from tests.browser.answers import RECEIPT, only, refuse
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn, token

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AFTER_VOTE = "The result so far shows once you have voted."
AFTER_CLOSE = "The result shows when the poll closes."


async def vote(page: Page) -> None:
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()


async def test_after_voting(watch: Watch, stand_in: StandIn, complaints: list[str]) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.hidden("after_vote")])
    page = await watch()
    numbers = page.locator(".votes:visible, .bar:visible")
    await expect(page.get_by_text(AFTER_VOTE)).to_be_visible()
    await expect(numbers).to_have_count(0)
    await expect(page.locator(".voters")).to_be_empty()
    await vote(page)
    await expect(page.get_by_text("The result so far is on its way to you.")).to_be_visible()
    await stand_in.push(messages.poll((3, 1, 0), results="after_vote"))
    await expect(page.locator(".votes").first).to_have_text("3 votes, 75%")
    await expect(page.locator(".explanation")).to_be_empty()
    await expect(page.get_by_text("4 voters")).to_be_visible()
    assert complaints == []


async def test_a_new_connection_is_shown_the_receipt(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.hidden("after_vote")])
    page = await watch()
    await vote(page)
    assert stand_in.came("show") == []

    stand_in.drop()
    await stand_in.until(lambda: stand_in.came("show"))
    assert [frame["receipt"] for frame in stand_in.came("show")] == [RECEIPT]
    await stand_in.push(messages.poll((3, 1, 0), results="after_vote"))
    await expect(page.locator(".votes").first).to_have_text("3 votes, 75%")

    # A reload forgets the numbers, but not the receipt; a gateway that is busy is asked again.
    stand_in.answer = only({"show": refuse("rate-limited")})
    await page.reload()
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    await expect(page.locator(".votes:visible")).to_have_count(0)
    await stand_in.until(lambda: len(stand_in.came("show")) == 3)
    await stand_in.push(messages.poll((4, 1, 0), results="after_vote"))
    await expect(page.locator(".votes").first).to_have_text("4 votes, 80%")


async def test_numbers_that_were_seen_stay(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll((3, 1, 0), results="after_vote")])
    page = await watch()
    await expect(page.locator(".votes").first).to_have_text("3 votes, 75%")
    await stand_in.push(messages.hidden("after_vote", question="Who scores next?"))
    await expect(page.get_by_role("group", name="Who scores next?")).to_be_visible()
    await expect(page.locator(".votes").first).to_have_text("3 votes, 75%")


async def test_after_the_close(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.hidden("after_close")])
    page = await watch()
    await expect(page.get_by_text(AFTER_CLOSE)).to_be_visible()
    await vote(page)
    await expect(page.get_by_text(AFTER_CLOSE)).to_be_visible()
    await expect(page.locator(".votes:visible, .bar:visible")).to_have_count(0)
    await stand_in.push(messages.poll((3, 1, 0), results="after_close", status="closed"))
    await expect(page.locator(".votes").first).to_have_text("3 votes, 75%")
    await expect(page.get_by_text(AFTER_CLOSE)).to_have_count(0)


async def test_who_cannot_vote_waits_for_the_close(page: Page, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.hidden("after_vote")])
    await page.goto(stand_in.link(token(role="overlay")))
    await expect(page.get_by_text(AFTER_CLOSE)).to_be_visible()
