"""Every refusal is a sentence that a viewer understands."""

import pytest
from playwright.async_api import expect

from gateway import problems
from tests.browser import messages
from tests.browser.answers import RECEIPT, refuse
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SENTENCES = {
    "paused-poll": "Your vote was not taken. The poll is paused: vote when it goes on.",
    "poll-not-open": "Your vote was not taken. The poll is not open yet.",
    "closed-poll": "Your vote was not taken. The poll is closed.",
    "cancelled-poll": "Your vote was not taken. The poll was cancelled, and no vote in it counts.",
    "final-poll": "Your vote was not taken. The result is final already.",
    "unknown-option": "Your vote was not taken. The poll has been changed meanwhile: look at it and choose again.",
    "expired-token": "Your vote was not taken. Your link has expired: ask for a new one where you got it.",
    "internal": f"Your vote was not taken. Internal error. {problems.INTERNAL.about}",
    "late-vote": "Your vote does not count. It came after the poll had closed, and is listed as late.",
    "ineligible": "Your vote does not count. This poll is for some viewers only, and your link is not one of theirs.",
}


async def test_refused_votes_are_told_in_words(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll()])
    page = await watch()
    await page.get_by_role("radio", name="Ada").check()
    for problem, sentence in SENTENCES.items():
        # Those two are written down all the same, and have a receipt to show for it.
        has_receipt = problem in {"late-vote", "ineligible"}
        stand_in.answer = refuse(problem, **({"receipt": RECEIPT} if has_receipt else {}))
        await page.get_by_role("button", name="Vote", exact=True).click()
        await expect(page.locator(".outcome")).to_have_text(sentence)
        await expect(page.get_by_text("Receipt", exact=True)).to_be_visible(visible=has_receipt)
    # Who may not vote is not asked to try again, even after a reload.
    await expect(page.get_by_role("radio")).to_have_count(0)
    await page.reload()
    await expect(page.locator(".outcome")).to_have_text(SENTENCES["ineligible"])
    await expect(page.get_by_role("radio")).to_have_count(0)


async def test_sentences_are_about_problems_that_there_are(watch: Watch) -> None:
    page = await watch()
    names, own = await page.evaluate(
        "import('/assets/client/problem_words.js').then((words) => [Object.keys(words.SENTENCES), words.OWN_NAMES])"
    )
    assert len(names) > 20
    assert set(names) - set(own) <= set(problems.ALL)
