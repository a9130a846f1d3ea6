"""Voting on the page, and results."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser import messages
from tests.browser.answers import acknowledge, refuse
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


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


async def test_several_polls_at_once(watch: Watch, stand_in: StandIn) -> None:
    rain = messages.poll(poll_id="rain", question="Will it rain?", options=("Yes", "No"), votes=(0, 0))
    over = messages.poll((5, 4, 3), poll_id="first", question="Who scored first?", status="closed")
    stand_in.snapshot = messages.snapshot(polls=[rain, messages.poll(), over])
    page = await watch()
    # The newest on top, but what is over below what goes on.
    questions = page.locator("legend")
    await expect(questions).to_have_text([messages.QUESTION, "Will it rain?", "Who scored first?"])
    for question, choice in ((messages.QUESTION, "Ada"), ("Will it rain?", "No")):
        card = page.get_by_role("group", name=question)
        await card.get_by_role("radio", name=choice).check()
        await card.get_by_role("button", name="Vote", exact=True).click()
        await expect(card.get_by_text("Your vote is in.")).to_be_visible()
    assert [(vote["poll_id"], vote["choices"]) for vote in stand_in.votes()] == [("goal", ["1"]), ("rain", ["2"])]
    # Nothing moves away from under a finger later on.
    await stand_in.push(messages.poll((1, 0, 0), status="closed"))
    await expect(page.locator(".chip")).to_have_text(["Closed", "Open", "Closed"])
    await expect(questions).to_have_text([messages.QUESTION, "Will it rain?", "Who scored first?"])


@pytest.mark.parametrize("problem", ["kafka-unreachable", "rate-limited"])
async def test_a_busy_gateway_gets_the_vote_again(watch: Watch, stand_in: StandIn, problem: str) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    stand_in.answer = refuse(problem, retry_after_s=1)
    page = await watch()
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.get_by_text("Your vote is sent again by itself.")).to_be_visible()
    stand_in.answer = acknowledge
    await expect(page.get_by_text("Your vote is in.")).to_be_visible()
    assert {tuple(vote["choices"]) for vote in stand_in.votes()} == {("1",)}


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


async def test_an_edited_poll(watch: Watch, stand_in: StandIn) -> None:
    """Until the first vote the broadcaster may change everything, and what was ticked stays where it still can."""
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    page = await watch()
    await page.get_by_role("radio", name="Bela").check()
    await stand_in.push(messages.poll((0, 0), question="Who scores next?", options=("Ada", "Bella")))
    await expect(page.get_by_role("group", name="Who scores next?")).to_be_visible()
    await expect(page.get_by_role("radio")).to_have_count(2)
    await expect(page.get_by_role("radio", name="Bella")).to_be_checked()
    await stand_in.push(messages.poll(max_choices=2))
    await expect(page.get_by_role("checkbox")).to_have_count(3)
    await expect(page.get_by_role("button", name="Vote", exact=True)).to_be_disabled()
