"""Votes that may be changed or taken back."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import messages
from tests.browser.answers import only, refuse
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CHANGEABLE = messages.poll(allow_change=True)
WITHDRAWABLE = messages.poll(allow_change=True, allow_withdraw=True)


async def vote(page: Page, option: str) -> None:
    await page.get_by_role("radio", name=option).check()
    await page.get_by_role("button", name="Vote", exact=True).click()


async def test_a_vote_is_kept_where_the_rules_say_so(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    page = await watch()
    await vote(page, "Ada")
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    await expect(page.locator(".poll-foot button:visible")).to_have_count(0)


async def test_changing_a_vote(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[CHANGEABLE])
    page = await watch()
    await vote(page, "Bela")
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name="Change my vote").click()
    await expect(page.get_by_role("radio", name="Bela", checked=True)).to_be_focused()
    await page.get_by_role("button", name="Keep my vote").click()
    await expect(page.get_by_role("radio")).to_have_count(0)
    await expect(page.get_by_role("button", name="Take my vote back")).to_have_count(0)

    await page.get_by_role("button", name="Change my vote").click()
    await vote(page, "Chidi")
    await expect(page.locator(".chosen")).to_contain_text("Chidi")
    await page.get_by_role("button", name="Change my vote").click()
    stand_in.answer = refuse("closed-poll")
    await vote(page, "Ada")
    words = "Your vote was not taken. The poll is closed. Your earlier vote stands."
    await expect(page.get_by_text(words)).to_be_visible()
    await expect(page.locator(".chosen")).to_contain_text("Chidi")
    assert [vote["choices"] for vote in stand_in.votes()] == [["2"], ["3"], ["1"]]


async def test_taking_a_vote_back(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[WITHDRAWABLE])
    page = await watch()
    await vote(page, "Ada")
    await page.get_by_role("button", name="Take my vote back").click()
    await expect(page.get_by_text("You have taken your vote back.")).to_be_visible()
    await expect(page.locator(".outcome")).to_be_focused()
    assert [frame["poll_id"] for frame in stand_in.came("withdraw")] == ["goal"]
    # It is as before the vote, and after a reload too.
    await expect(page.get_by_role("radio", checked=False)).to_have_count(3)
    await page.reload()
    await expect(page.get_by_text("You have taken your vote back.")).to_be_visible()
    await vote(page, "Bela")
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    assert [vote["choices"] for vote in stand_in.votes()] == [["1"], ["2"]]


async def test_a_vote_that_cannot_be_taken_back_stands(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[WITHDRAWABLE])
    stand_in.answer = only({"withdraw": refuse("not-withdrawable")})
    page = await watch()
    await vote(page, "Ada")
    await page.get_by_role("button", name="Take my vote back").click()
    words = "Your vote was not taken back. This poll keeps a vote once it is cast. Your earlier vote stands."
    await expect(page.get_by_text(words)).to_be_visible()
    await expect(page.locator(".chosen")).to_contain_text("Ada")


async def test_an_unanswered_withdrawal_is_sent_again(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[WITHDRAWABLE])
    stand_in.answer = only({"withdraw": lambda _: None})
    page = await watch()
    await vote(page, "Ada")
    await page.get_by_role("button", name="Take my vote back").click()
    await expect(page.get_by_text("Taking your vote back…")).to_be_visible()
    await stand_in.until(lambda: stand_in.came("withdraw"))
    stand_in.answer = only({})
    stand_in.drop()
    await expect(page.get_by_text("You have taken your vote back.")).to_be_visible()
    assert len(stand_in.came("withdraw")) == 2
