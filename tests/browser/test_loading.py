"""How pages come: everything that their script needs is asked for at once, not import by import."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, Request, expect

from gateway.page_files import FILES, VERSION
from tests.browser.stand_in import StandIn

pytestmark = pytest.mark.browser

PAGES = Path(__file__).parents[2] / "gateway" / "pages"
IMPORT = re.compile(r"^(?:import|export) [^;]*?from \"(\.[^\"]+)\"", re.MULTILINE)
PRELOAD = re.compile(rf'<link rel="modulepreload" href="/assets/{VERSION}/([^"]+)">')


def imported(script: Path) -> set[Path]:
    """Return every module below this one."""
    found: set[Path] = set()
    rest = [script]
    while rest:
        source = rest.pop()
        new = {(source.parent / name).resolve() for name in IMPORT.findall(source.read_text())} - found
        found |= new
        rest.extend(new)
    return found


@pytest.mark.parametrize("name", ["watch", "overlay", "studio", "history"])
def test_names_every_module_in_its_head(name: str) -> None:
    modules = {str(path.relative_to(PAGES)) for path in imported(PAGES / name / f"{name}.js")}
    preloaded = PRELOAD.findall(FILES[f"{name}/{name}.html"].body.decode())
    assert preloaded == sorted(modules)


@pytest.mark.asyncio(loop_scope="session")
async def test_asks_for_each_file_once(page: Page, stand_in: StandIn, complaints: list[str]) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "script":
            asked.append(request.url)

    page.on("request", note)
    await page.goto(stand_in.link())
    await expect(page.locator("#connection")).to_have_text("Live")
    assert len(asked) > 20
    assert sorted(asked) == sorted(set(asked))
    # A preload that nobody uses is a warning in the console.
    assert complaints == []
