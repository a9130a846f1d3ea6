"""Polls on the page: voting, what became of the vote, and results."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser import messages
from tests.browser.conftest import Watch
from tests.browser.stand_in import RECEIPT, StandIn, refuse

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CLOSED = refuse("Closed poll", "The poll is closed; its votes are counted.", 409)


def option(card: Locator, text: str) -> Locator:
    return card.locator(".option").filter(has_text=text)


async def test_voting(watch: Watch, stand_in: StandIn, complaints: list[str]) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll((6, 3, 1))])
    page = await watch()
    card = page.get_by_role("group", name=messages.QUESTION)
    await expect(card.get_by_text("Choose one")).to_be_visible()
    await expect(page.get_by_role("button", name="Vote", exact=True)).to_be_disabled()
    await card.get_by_role("radio", name="Bela").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    await expect(page.get_by_text(f"Receipt {RECEIPT}")).to_be_visible()
    assert [(vote["poll_id"], vote["choices"]) for vote in stand_in.votes()] == [("goal", ["2"])]

    await expect(option(card, "Bela").get_by_text("Your choice")).to_be_visible()
    await expect(card.get_by_role("radio")).to_have_count(0)
    await stand_in.push(messages.poll((6, 13, 1)))
    await expect(option(card, "Bela").locator(".votes")).to_have_text("13 votes, 65%")
    await expect(page.get_by_text("20 voters")).to_be_visible()
    assert complaints == []


async def test_voting_by_keyboard(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    page = await watch()
    await page.get_by_role("radio", name="Ada").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await stand_in.until(stand_in.votes)
    assert stand_in.votes()[0]["choices"] == ["2"]
    await expect(page.locator(".outcome")).to_be_focused()


async def test_several_choices(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll((2, 2, 0), voters=3, max_choices=2)])
    page = await watch()
    await expect(page.get_by_text("Choose up to 2")).to_be_visible()
    await expect(option(page.locator(".poll"), "Ada").locator(".votes-share")).to_have_text("67%")
    await page.get_by_role("checkbox", name="Ada").check()
    await page.get_by_role("checkbox", name="Chidi").check()
    await expect(page.get_by_role("checkbox", name="Bela")).to_be_disabled()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await stand_in.until(stand_in.votes)
    assert stand_in.votes()[0]["choices"] == ["1", "3"]


async def test_a_refused_vote_is_told_in_words(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    stand_in.answer = CLOSED
    page = await watch()
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    words = "Your vote was not taken: Closed poll. The poll is closed; its votes are counted."
    await expect(page.get_by_text(words)).to_be_visible()


async def test_a_busy_gateway_gets_the_vote_again(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    stand_in.answer = refuse("Kafka not reachable", "Kafka did not confirm in time.", 503)
    page = await watch()
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.get_by_text("Kafka not reachable. Kafka did not confirm in time.")).to_be_visible()
    stand_in.answer = lambda frame: {"type": "ack", "id": frame["id"], "receipt": RECEIPT}
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    assert {tuple(vote["choices"]) for vote in stand_in.votes()} == {("1",)}


async def test_changing_a_vote(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll(allow_change=True)])
    page = await watch()
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await page.get_by_role("button", name="Change my vote").click()
    await page.get_by_role("radio", name="Chidi").check()
    stand_in.answer = CLOSED
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.get_by_text("Your earlier vote stands.")).to_be_visible()
    assert [vote["choices"] for vote in stand_in.votes()] == [["1"], ["3"]]


async def test_a_vote_is_remembered_across_a_reload(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    page = await watch()
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    assert len(stand_in.votes()) == 1


async def test_results_never_go_back(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll((60, 30, 10))])
    page = await watch()
    ada = option(page.locator(".poll"), "Ada")
    await expect(ada.locator(".votes")).to_have_text("60 votes, 60%")
    await stand_in.push(messages.poll((5, 90, 4)), messages.snapshot({"🔥": 1}, [messages.poll()]))
    await expect(page.get_by_role("button", name="🔥 1 tap")).to_be_visible()
    await expect(ada.locator(".votes")).to_have_text("60 votes, 60%")
    # A newer version may take votes from an option: somebody has changed a vote.
    await stand_in.push(messages.poll((59, 31, 10), version=101))
    await expect(ada.locator(".votes")).to_have_text("59 votes, 59%")


async def test_a_poll_opens_and_closes(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    await expect(page.get_by_text("No poll yet")).to_be_visible()
    await stand_in.push(messages.poll((1, 0, 0)))
    await expect(page.get_by_text(f"New poll: {messages.QUESTION}")).to_be_attached()
    await expect(page.get_by_text("No poll yet")).to_be_hidden()
    await expect(page.get_by_role("radio", name="Ada")).to_be_visible()
    await stand_in.push(messages.poll((1, 0, 0), status="closed"))
    await expect(page.get_by_text("This poll is closed. It takes no more votes.")).to_be_visible()
    await expect(page.get_by_role("radio")).to_have_count(0)
    await expect(page.get_by_role("button", name="Vote", exact=True)).to_have_count(0)
    # A gateway that has not heard of the closing does not open it again.
    await stand_in.push(messages.poll((1, 1, 0), status="open"))
    await expect(page.locator(".votes-share").nth(1)).to_have_text("50%")
    await expect(page.locator(".chip")).to_have_text("Closed")
