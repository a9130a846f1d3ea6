"""The rows as a file, whole however many pages they come in."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from gateway import problems
from tests.browser.history import evening
from tests.browser.history.conftest import Look
from tests.browser.history.stand_in import KEY, Past

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize(("name", "table"), [("Taps as CSV", "reactions"), ("Votes as CSV", "votes")])
async def test_pages_become_one_file(look: Look, past: Past, tmp_path: Path, name: str, table: str) -> None:
    page = await look()
    async with page.expect_download() as download:
        await page.get_by_role("button", name=name).click()
    file = await download.value
    assert file.suggested_filename == f"{evening.STREAM}.{table}.csv"
    await file.save_as(tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_text() == f'"table","row"\n"{table}",1\n"{table}",2\n'
    assert all(KEY not in path for path in past.paths())
    await expect(page.locator("#exports-note")).to_have_text("Downloaded.")


async def test_a_refused_export_is_told(look: Look, past: Past) -> None:
    page = await look()
    past.history_problem = problems.HISTORY_UNREACHABLE
    await page.get_by_role("button", name="Taps as CSV").click()
    await expect(page.locator("#exports-note")).to_have_text("Not downloaded. The history cannot be read just now.")
