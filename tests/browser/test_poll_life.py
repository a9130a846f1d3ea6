"""A poll's life on the page: coming, open, paused, closed, final, cancelled; and each step read aloud once."""

import pytest
from playwright.async_api import expect

from tests.browser import messages
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COUNTING = "Voting is over. The votes are being counted."


async def test_from_its_announcement_to_its_final_result(watch: Watch, stand_in: StandIn) -> None:
    page = await watch()
    news, chip, numbers = page.locator("#poll-news"), page.locator(".chip"), page.locator(".votes:visible")
    vote = page.get_by_role("button", name="Vote", exact=True)
    await expect(page.get_by_text("No poll yet")).to_be_visible()

    await stand_in.push(messages.poll(status="scheduled"))
    await expect(news).to_have_text(f"Coming poll: {messages.QUESTION}")
    await expect(page.get_by_text("No poll yet")).to_be_hidden()
    await expect(chip).to_have_text("Not open yet")
    await expect(page.get_by_text("Chidi")).to_be_visible()
    await expect(page.get_by_role("radio")).to_have_count(0)
    await expect(numbers).to_have_count(0)

    await stand_in.push(messages.poll())
    await expect(news).to_have_text(f"Poll open: {messages.QUESTION}")
    await page.get_by_role("radio", name="Ada").check()

    await stand_in.push(messages.poll((1, 0, 0), status="paused"))
    await expect(chip).to_have_text("Paused")
    await expect(page.get_by_text("Voting is paused, and may go on.")).to_be_visible()
    await expect(news).to_have_text(f"Poll paused: {messages.QUESTION}")
    await expect(vote).to_have_count(0)

    # What was ticked before the pause still is.
    await stand_in.push(messages.poll((1, 0, 0)))
    await expect(page.get_by_role("radio", name="Ada")).to_be_checked()
    await expect(vote).to_be_enabled()

    await stand_in.push(messages.poll((2, 1, 0), status="closed"))
    await expect(chip).to_have_text("Closed")
    await expect(page.get_by_text(COUNTING)).to_be_visible()
    await expect(page.get_by_role("radio")).to_have_count(0)
    await expect(numbers.first).to_have_text("2 votes, 67%")

    await stand_in.push(messages.poll((2, 1, 0), status="final"))
    await expect(page.get_by_text("Final result", exact=True)).to_have_count(1)
    await expect(page.get_by_text(COUNTING)).to_have_count(0)
    await expect(news).to_have_text(f"Final result: {messages.QUESTION} Ada, 67%.")


async def test_a_gateway_that_lags_opens_nothing_again(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll((1, 0, 0), status="closed", closes_at=messages.NOW)])
    page = await watch()
    await expect(page.locator(".chip")).to_have_text("Closed")
    await stand_in.push(messages.poll((1, 1, 0)))
    await expect(page.locator(".votes-share").nth(1)).to_have_text("50%")
    await expect(page.locator(".chip")).to_have_text("Closed")
    # The final result is a recount: it stands, whatever a late message says.
    await stand_in.push(messages.poll((1, 0, 0), version=2, status="final"), messages.poll((8, 8, 8), status="closed"))
    await expect(page.locator(".chip")).to_have_text("Final result")
    await stand_in.push(messages.reactions({"🔥": 1}))
    await expect(page.get_by_role("button", name="🔥 1 tap")).to_be_visible()
    await expect(page.locator(".votes-share").nth(0)).to_have_text("100%")


async def test_a_final_result_is_announced_once(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll((2, 2, 0), status="closed")])
    page = await watch()
    await expect(page.locator(".chip")).to_have_text("Closed")
    await page.evaluate(
        "window.heard = [];"
        "new MutationObserver(() => heard.push(document.getElementById('poll-news').textContent))"
        ".observe(document.getElementById('poll-news'), { childList: true, characterData: true, subtree: true })"
    )
    final = messages.poll((2, 2, 0), status="final")
    await stand_in.push(final, final)
    await expect(page.locator(".chip")).to_have_text("Final result")
    stand_in.snapshot = messages.snapshot({"🔥": 3}, [final])
    stand_in.drop()
    await expect(page.get_by_role("button", name="🔥 3 taps")).to_be_visible()
    await stand_in.push(messages.poll(poll_id="rain", question="Will it rain?"))
    await expect(page.locator(".poll")).to_have_count(2)
    first, *rest = await page.evaluate("heard")
    assert first == f"Final result: {messages.QUESTION} Ada and Bela, 50%."
    assert rest == ["New poll: Will it rain?"]


async def test_a_cancelled_poll(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll((6, 3, 1))])
    page = await watch()
    await expect(page.locator(".votes:visible")).to_have_count(3)
    await stand_in.push(messages.poll((6, 3, 1), status="cancelled"))
    await expect(page.locator(".chip")).to_have_text("Cancelled")
    await expect(page.get_by_text("This poll was cancelled. No vote in it counts.")).to_be_visible()
    await expect(page.get_by_role("radio")).to_have_count(0)
    await expect(page.locator(".votes:visible, .bar:visible")).to_have_count(0)
    await expect(page.locator("#poll-news")).to_have_text(f"Poll cancelled: {messages.QUESTION}")


async def test_what_a_viewer_finds_is_no_news(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    page = await watch()
    await expect(page.locator(".chip")).to_have_text("Open")
    await expect(page.locator("#poll-news")).to_be_empty()
    await stand_in.push(messages.poll(poll_id="rain", question="Will it rain?"))
    await expect(page.locator("#poll-news")).to_have_text("New poll: Will it rain?")
