"""The pages that explain problems to a person, from the templates in `gateway/pages/problems`. They run no script."""

import re
from collections.abc import Iterable
from html import escape
from string import Template

import msgspec

from gateway.advice import ADVICE
from gateway.openapi.problem_answers import example
from gateway.page_files import FILES
from gateway.problems import Problem

MEDIA_TYPE = "text/html; charset=utf-8"
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
}

_ONE = Template(FILES["problems/one.template"].body.decode())
_ALL = Template(FILES["problems/all.template"].body.decode())
_KIND = Template('        <li><span class="status">$status</span> <a href="$type">$title</a><p>$about</p></li>')
_CODE = re.compile("`([^`]+)`")


def page(problem: Problem) -> str:
    """Return the page of one problem."""
    shown = msgspec.json.format(msgspec.json.encode(example(problem)), indent=2).decode()
    return _ONE.substitute(_texts(problem), advice=_prose(ADVICE[problem]), example=escape(shown))


def overview(problems: Iterable[Problem]) -> str:
    """Return the page that lists problems."""
    return _ALL.substitute(kinds="\n".join(_KIND.substitute(_texts(problem)) for problem in problems))


def _texts(problem: Problem) -> dict[str, str]:
    return {
        "status": str(problem.status),
        "type": escape(problem.type),
        "title": escape(problem.title),
        "about": _prose(problem.about),
    }


def _prose(text: str) -> str:
    """Return a sentence as HTML: what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
