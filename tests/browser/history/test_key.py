"""The broadcaster's key: where it comes from, where it stays, and where it never is."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.history import evening
from tests.browser.history.conftest import Look
from tests.browser.history.stand_in import KEY, Past

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_key_is_asked_for_and_stays_in_the_tab(page: Page, past: Past) -> None:
    await page.goto(past.link(""))
    await expect(page.get_by_label("API key")).to_be_visible()
    assert past.asked == [], "nothing is asked without a key"
    await page.get_by_label("API key").fill(f"  {KEY}\t")
    await page.get_by_role("button", name="Show the history").click()
    await expect(page.locator("h1")).to_have_text(evening.TITLE)
    await expect(page.get_by_label("API key")).to_be_hidden()
    await page.reload()
    await expect(page.locator("h1")).to_have_text(evening.TITLE)


async def test_a_key_in_the_link_leaves_the_address_at_once(look: Look, past: Past) -> None:
    page = await look()
    assert page.url == past.link("")
    assert all(KEY not in path for path in past.paths())
    stored = await page.evaluate("[JSON.stringify({...sessionStorage}), JSON.stringify({...localStorage})]")
    assert KEY in stored[0]
    assert stored[1] == "{}"
    assert KEY not in await page.content()


async def test_a_key_can_be_forgotten(look: Look) -> None:
    page = await look()
    await page.get_by_role("button", name="Forget the key").click()
    await expect(page.get_by_label("API key")).to_be_visible()
    await expect(page.locator("#history")).to_be_hidden()
    assert await page.evaluate("JSON.stringify({...sessionStorage})") == "{}"


async def test_what_is_no_key_is_not_sent(page: Page, past: Past) -> None:
    await page.goto(past.link(""))
    await page.get_by_label("API key").fill("schlüssel mit leerzeichen")
    await page.get_by_role("button", name="Show the history").click()
    await expect(page.locator("#key-note")).to_have_text("That is no API key: paste it whole, on one line.")
    assert past.asked == []
