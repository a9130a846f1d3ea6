"""Whatever goes wrong is told in words, and what can pass is tried again."""

import pytest
from playwright.async_api import Page, expect

from gateway import problems
from gateway.problems import Problem
from tests.browser.history import evening
from tests.browser.history.stand_in import KEY, Past

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_wrong_key_is_asked_for_again(page: Page, past: Past) -> None:
    await page.goto(past.link("#key=wrong"))
    await expect(page.get_by_role("alert")).to_contain_text("This key does not open the history")
    await expect(page.get_by_label("API key")).to_be_focused()
    await page.get_by_label("API key").fill(KEY)
    await page.get_by_role("button", name="Show the history").click()
    await expect(page.locator("h1")).to_have_text(evening.TITLE)
    await expect(page.locator("#refusal")).to_be_hidden()


@pytest.mark.parametrize(
    ("problem", "title", "asks_for_key"),
    [
        (problems.MISSING_SCOPE, "This key may not read", True),
        (problems.UNKNOWN_STREAM, "There is no such stream", False),
        (problems.STARTING, "The gateway is just starting", False),
        (problems.INTERNAL, problems.INTERNAL.title, False),
    ],
    ids=lambda value: value.name if isinstance(value, Problem) else "",
)
async def test_problems_are_told(page: Page, past: Past, problem: Problem, title: str, asks_for_key: bool) -> None:
    past.problem = problem
    await page.goto(past.link())
    await expect(page.locator("#refusal-title")).to_have_text(title)
    await expect(page.get_by_label("API key")).to_be_visible(visible=asks_for_key)
    await expect(page.locator("#history")).to_be_hidden()


async def test_an_unreachable_history_is_tried_again(page: Page, past: Past) -> None:
    past.history_problem = problems.HISTORY_UNREACHABLE
    await page.clock.install()
    await page.goto(past.link())
    await expect(page.locator("#refusal-title")).to_have_text("The history cannot be read just now")
    # Which stream it is about is known all the same.
    await expect(page.locator("h1")).to_have_text(evening.TITLE)
    past.history_problem = None
    await page.clock.run_for(11_000)
    await expect(page.locator("#state")).to_have_text("Ended")
    await expect(page.locator("#refusal")).to_be_hidden()


async def test_numbers_that_were_seen_stay(page: Page, past: Past) -> None:
    past.stream = evening.stream(status="live", ended_at=None)
    await page.clock.install()
    await page.goto(past.link())
    await expect(page.locator("#state")).to_have_text("Live")
    past.history_problem = problems.HISTORY_UNREACHABLE
    await page.clock.run_for(11_000)
    await expect(page.locator("#state")).to_have_text("Not up to date")
    await expect(page.locator("#timeline .area").first).to_be_visible()
    past.history_problem = None
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("#state")).to_have_text("Live")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("live", "Nobody has tapped yet. Taps appear here a second or two after they came."),
        ("ended", "Nobody tapped in this stream."),
    ],
)
async def test_an_empty_stream_is_told_as_such(page: Page, past: Past, status: str, words: str) -> None:
    past.stream = evening.stream(status=status, ended_at=None if status == "live" else evening.BEGIN + 60_000)
    past.taps, past.moments, past.polls = {}, [], []
    await page.goto(past.link())
    await expect(page.locator("#no-taps")).to_have_text(words)
    await expect(page.get_by_text("No moment stands out from the rest of the stream.")).to_be_visible()
    await expect(page.get_by_text("This stream has no polls.")).to_be_visible()
    await expect(page.locator("#timeline")).to_be_hidden()
    await expect(page.locator("#peak")).to_have_text("None")


async def test_sentences_are_about_problems_that_there_are(page: Page, past: Past) -> None:
    await page.goto(past.link(""))
    names = await page.evaluate("import('/assets/history/problems.js').then((words) => Object.keys(words.SENTENCES))")
    assert set(names) - {"no-answer"} <= set(problems.ALL)
