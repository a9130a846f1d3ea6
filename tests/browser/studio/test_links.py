"""The links to give away: made once, copied, and shown as a QR code."""

from urllib.parse import unquote

import pytest
from playwright.async_api import BrowserContext, Page, expect

from gateway import problems
from gateway.routes import qr
from tests.browser.studio.conftest import Look
from tests.browser.studio.stand_in import KEY, STREAM, Studio

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_links_are_made_once_for_a_tab(look: Look, studio: Studio) -> None:
    page = await look()
    viewers, overlays = page.get_by_label("Viewers' link"), page.get_by_label("Overlay's link")
    await expect(overlays).not_to_have_value("")
    links = [await each.input_value() for each in (viewers, overlays)]
    assert links[0].startswith(f"{studio.url}/watch/{STREAM}#invite=invite.")
    assert links[1].startswith(f"{studio.url}/overlay/{STREAM}#token=overlay.")
    await expect(page.locator("#links-until")).to_contain_text("The links work until")
    await page.reload()
    await expect(overlays).to_have_value(links[1])
    await expect(viewers).to_have_value(links[0])
    asked = studio.done("POST", "/tokens")
    assert sorted((body["role"], body["expires_in_s"]) for body in asked) == [("invite", 86_400), ("overlay", 86_400)]


async def test_a_link_is_copied_and_that_is_said(look: Look, context: BrowserContext) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await look()
    link = page.get_by_label("Overlay's link")
    await expect(link).not_to_have_value("")
    button = page.locator("[data-link=overlay] .copy")
    await button.click()
    await expect(button).to_have_text("Copied")
    await expect(page.locator("#news")).to_have_text("The link is copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == await link.input_value()
    await expect(button).to_have_text("Copy")


async def test_without_a_clipboard_the_old_way_is_tried(look: Look) -> None:
    """A page by plain HTTP on a network of its own has none."""
    page = await look()
    await expect(page.get_by_label("Viewers' link")).not_to_have_value("")
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    await page.evaluate("document.execCommand = () => false")
    button = page.locator("[data-link=viewer] .copy")
    await button.click()
    await expect(button).to_have_text("Press Ctrl+C")
    await expect(page.get_by_label("Viewers' link")).to_be_focused()
    selected = await page.evaluate("document.activeElement.selectionEnd - document.activeElement.selectionStart")
    assert selected == len(await page.get_by_label("Viewers' link").input_value())


async def test_the_qr_code_says_the_viewers_link(look: Look) -> None:
    page = await look()
    link = page.get_by_label("Viewers' link")
    await expect(link).not_to_have_value("")
    await page.get_by_role("button", name="QR code").click()
    image = page.get_by_role("img", name="QR code of the viewers' link")
    await expect(image).to_be_visible()
    source = await image.get_attribute("src")
    assert source is not None
    assert unquote(source.removeprefix("data:image/svg+xml,")) == qr.drawing(await link.input_value()).decode()
    # Drawn, and large enough for a camera.
    size = await image.evaluate("(image) => [image.complete, image.naturalWidth > 0, image.clientWidth]")
    assert size[:2] == [True, True]
    assert size[2] >= 240
    await page.emulate_media(media="print")
    await expect(page.locator("main")).to_be_hidden()
    await expect(page.locator("#qr-print")).to_be_hidden()
    await expect(image).to_be_visible()
    await page.emulate_media(media="screen")
    await page.keyboard.press("Escape")
    await expect(image).to_be_hidden()
    await expect(page.get_by_role("button", name="QR code")).to_be_focused()


async def test_the_qr_code_fills_the_screen(look: Look) -> None:
    page = await look()
    await expect(page.get_by_label("Viewers' link")).not_to_have_value("")
    await page.get_by_role("button", name="QR code").click()
    await page.get_by_role("button", name="Full screen").click()
    await expect(page.locator(":fullscreen")).to_have_id("qr-sheet")
    await expect(page.get_by_role("button", name="Full screen")).to_be_hidden()
    await page.get_by_role("button", name="Close", exact=True).click()
    await expect(page.locator("#qr")).to_be_hidden()
    await expect(page.locator(":fullscreen")).to_have_count(0)


async def test_a_key_that_writes_no_tokens_runs_the_rest(look: Look, studio: Studio) -> None:
    studio.problems["/tokens"] = problems.MISSING_SCOPE
    page = await look()
    await expect(page.locator("#links-note")).to_contain_text("No links: Missing scope.")
    await expect(page.get_by_label("Viewers' link")).to_be_hidden()
    await expect(page.get_by_role("button", name="Prepare a poll")).to_be_enabled()


async def test_no_address_and_no_storage_but_the_tabs_holds_a_secret(look: Look, studio: Studio, page: Page) -> None:
    await look()
    await expect(page.get_by_label("Viewers' link")).not_to_have_value("")
    assert page.url == studio.link("")
    assert await page.evaluate("JSON.stringify({...localStorage})") == "{}"
    kept = await page.evaluate("JSON.stringify({...sessionStorage})")
    assert KEY in kept
    assert KEY not in await page.content()
