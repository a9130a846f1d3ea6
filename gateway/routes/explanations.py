"""What a problem's `type` leads to: for a browser a page, for a program JSON."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway import problem_pages, problems
from gateway.advice import ADVICE
from gateway.conditional import conditional_response, etag_of
from gateway.lean import LeanRoute
from gateway.openapi import operation
from gateway.openapi.problem_answers import ProblemDocument, example
from gateway.page_files import PAGE_CACHE
from gateway.problems import Problem
from gateway.refusal import Refused


class Explanation(msgspec.Struct, frozen=True):
    """One kind of problem: what it means, what to do about it, and an example of it."""

    type: str
    title: str
    status: int
    about: str
    advice: str
    example: ProblemDocument


class Explanations(msgspec.Struct, frozen=True):
    """Every kind of problem."""

    problems: list[Explanation]


_VARY = {"vary": "accept"}
_OF_JSON = {**_VARY, "cache-control": "public, max-age=3600"}
_OF_PAGES = {**problem_pages.HEADERS, **_VARY, "cache-control": PAGE_CACHE}


async def explain(request: Request) -> Response:
    """Explain a problem."""
    problem = problems.ALL.get(request.path_params["name"])
    if problem is None:
        raise Refused(problems.NOT_FOUND)
    if _wants_page(request):
        return _page(request, problem_pages.page(problem))
    return _json(request, explanation(problem))


async def explain_all(request: Request) -> Response:
    """List every kind of problem."""
    if _wants_page(request):
        return _page(request, problem_pages.overview(problems.ALL.values()))
    return _json(request, Explanations([*map(explanation, problems.ALL.values())]))


def explanation(problem: Problem) -> Explanation:
    """Return what a program is told of a problem."""
    return Explanation(problem.type, problem.title, problem.status, problem.about, ADVICE[problem], example(problem))


def _wants_page(request: Request) -> bool:
    """Return whether a browser asks: programs that take anything do not name HTML."""
    return "text/html" in request.headers.get("accept", "")


def _page(request: Request, html: str) -> Response:
    body = html.encode()
    return conditional_response(request, body, etag_of(body), problem_pages.MEDIA_TYPE, _OF_PAGES)


def _json(request: Request, answer: Explanation | Explanations) -> Response:
    body = msgspec.json.encode(answer)
    return conditional_response(request, body, etag_of(body), "application/json", _OF_JSON)


ROUTES = [
    LeanRoute(
        "/problems",
        explain_all,
        tags=["problems"],
        openapi_extra=operation(caller="anyone", answers={200: (Explanations, "text/html"), 304: ""}),
    ),
    LeanRoute(
        "/problems/{name}",
        explain,
        tags=["problems"],
        openapi_extra=operation(
            caller="anyone",
            parameters=["name"],
            answers={200: (Explanation, "text/html"), 304: ""},
            refusals=(problems.NOT_FOUND,),
        ),
    ),
]
