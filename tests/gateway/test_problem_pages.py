from html.parser import HTMLParser

import pytest

from gateway import problem_pages, problems
from gateway.advice import ADVICE
from gateway.problems import Problem

VOID = {"link", "meta"}


class Page(HTMLParser):
    """Reads a page, and fails where its tags do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("problem", problems.ALL.values(), ids=lambda problem: problem.name)
def test_a_page_says_all_there_is_and_loads_nothing_from_elsewhere(problem: Problem) -> None:
    page = Page(problem_pages.page(problem))
    for words in (problem.title, problem.about, ADVICE[problem], str(problem.status), f'"type": "{problem.type}"'):
        assert words.replace("`", "") in page.text
    assert all(link.startswith(("/", "data:,")) for link in page.links)


def test_the_overview_leads_to_every_problem() -> None:
    page = Page(problem_pages.overview(problems.ALL.values()))
    assert {problem.type for problem in problems.ALL.values()} < set(page.links)


def test_what_a_problem_says_is_text_and_never_markup() -> None:
    page = problem_pages.overview([Problem("x", 400, "<b>", "`<script>` & more.")])
    assert "&lt;b&gt;" in page
    assert "<code>&lt;script&gt;</code> &amp; more." in page
