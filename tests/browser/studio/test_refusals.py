"""A wrong key, a gateway that is killed and comes back, a page that is loaded again: said in words, and got over."""

import pytest
from playwright.async_api import Page, expect

from gateway import problems
from gateway.problems import Problem
from tests.browser.studio.conftest import Look
from tests.browser.studio.stand_in import KEY, TITLE, Server, Studio

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_key_is_asked_for(page: Page, studio: Studio) -> None:
    await page.goto(studio.link(""))
    await expect(page.locator("#studio")).to_be_hidden()
    await page.get_by_label("API key").fill(KEY)
    await page.get_by_role("button", name="Open the studio").click()
    await expect(page.locator("h1")).to_have_text(TITLE)
    await page.get_by_role("button", name="Forget the key").click()
    await expect(page.get_by_label("API key")).to_be_visible()


async def test_a_wrong_key_is_asked_for_again(page: Page, studio: Studio) -> None:
    await page.goto(studio.link("#key=wrong"))
    await expect(page.get_by_role("alert").filter(has_text="This key does not open the studio")).to_be_visible()
    await expect(page.get_by_label("API key")).to_be_focused()
    await page.get_by_label("API key").fill(KEY)
    await page.get_by_role("button", name="Open the studio").click()
    await expect(page.locator("h1")).to_have_text(TITLE)
    await expect(page.locator("#refusal")).to_be_hidden()


@pytest.mark.parametrize(
    ("problem", "title"),
    [
        (problems.MISSING_SCOPE, "This key may not read"),
        (problems.STARTING, "The gateway is just starting"),
        (problems.INTERNAL, problems.INTERNAL.title),
    ],
    ids=lambda value: value.name if isinstance(value, Problem) else "",
)
async def test_problems_of_the_page_are_told(page: Page, studio: Studio, problem: Problem, title: str) -> None:
    studio.problems["/finale"] = problem
    await page.goto(studio.link())
    await expect(page.locator("#refusal-title")).to_have_text(title)
    await expect(page.locator("#studio")).to_be_hidden()


async def test_what_is_seen_stays_while_the_gateway_is_away_and_moves_when_it_is_back(
    look: Look, studio: Studio, server: Server
) -> None:
    studio.watching = 7
    studio.add("Who?", ["Ada", "Bela"], poll_id="who", open=True)
    page = await look()
    await expect(page.locator("#watching")).to_have_text("7")
    await server.stop()
    await expect(page.locator("#state")).to_have_text("Not up to date")
    await expect(page.locator("#refusal-title")).to_have_text("The gateway does not answer")
    await page.get_by_role("button", name="Pause").click()
    await expect(page.locator(".studio-poll .complaint")).to_contain_text("The gateway does not answer.")
    await expect(page.locator("#watching")).to_have_text("7")
    studio.watching = 8
    await server.start()
    await expect(page.locator("#state")).to_have_text("Live")
    await expect(page.locator("#refusal")).to_be_hidden()
    await expect(page.locator("#watching")).to_have_text("8")
    await page.get_by_role("button", name="Pause").click()
    await expect(page.locator(".chip")).to_have_text("Paused")


async def test_a_reload_in_the_middle_shows_the_same(look: Look, studio: Studio) -> None:
    studio.add("Who?", ["Ada", "Bela"], poll_id="who", open=True)
    studio.count("who", [3, 1])
    page = await look()
    await expect(page.locator(".voters")).to_have_text("4 voters")
    await page.reload()
    await expect(page.locator(".voters")).to_have_text("4 voters")
    await expect(page.locator("#state")).to_have_text("Live")
    await expect(page.locator("#taps-spark .spark-line")).to_have_count(1)


async def test_a_page_that_nobody_sees_asks_for_nothing(look: Look, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.clock.install()
    await look()
    await expect(page.get_by_label("Overlay's link")).not_to_have_value("")
    await page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    # What was due is still asked once.
    await page.clock.run_for(60_000)
    asked.clear()
    await page.clock.run_for(600_000)
    assert asked == []
    async with page.expect_request("**/stats"):
        await page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")


async def test_sentences_are_about_problems_that_there_are(page: Page, studio: Studio) -> None:
    await page.goto(studio.link(""))
    names = await page.evaluate(
        """import('/assets/studio/words.js').then((words) =>
        [words.SENTENCES, words.REFUSALS, words.OF_VIEWERS].flatMap((each) => Object.keys(each)))"""
    )
    assert set(names) - {"no-answer"} <= set(problems.ALL)
