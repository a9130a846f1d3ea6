"""A quiz on the page: what was right is shown once the poll is over."""

import pytest
from playwright.async_api import expect

from tests.browser import messages
from tests.browser.conftest import Watch
from tests.browser.stand_in import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize(
    ("choices", "verdict"),
    [
        (["Ada", "Chidi"], "Your answer is right."),
        (["Ada"], "Your answer is partly right."),
        (["Ada", "Bela", "Chidi"], "Your answer is partly right."),
        (["Bela"], "Your answer is wrong."),
    ],
)
async def test_right_answers_are_marked_at_the_end(
    watch: Watch, stand_in: StandIn, choices: list[str], verdict: str
) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll(max_choices=3)])
    page = await watch()
    for choice in choices:
        await page.get_by_role("checkbox", name=choice).check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.get_by_role("status").get_by_text("Your vote is in.")).to_have_text("Your vote is in.")
    marks = page.get_by_text("Right answer").filter(visible=True)
    await expect(marks).to_have_count(0)

    await stand_in.push(messages.poll((2, 1, 1), max_choices=3, status="closed", correct=["1", "3"]))
    await expect(marks).to_have_count(2)
    await expect(page.locator(".option.right .option-text")).to_have_text(["Ada", "Chidi"])
    await expect(page.locator(".outcome")).to_have_text(f"Your vote is in. {verdict}")


async def test_who_did_not_vote_gets_no_verdict(watch: Watch, stand_in: StandIn) -> None:
    stand_in.snapshot = messages.snapshot(polls=[messages.poll((2, 1, 1), status="final", correct=["2"])])
    page = await watch()
    await expect(page.locator(".option.right .option-text")).to_have_text(["Bela"])
    await expect(page.locator(".outcome")).to_be_empty()
