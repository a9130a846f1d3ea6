"""What a problem's `type` leads to: for a browser a page, for a program JSON."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway import problem_pages, problems
from gateway.advice import ADVICE
from gateway.lean import LeanRoute, json_response
from gateway.openapi import operation
from gateway.openapi.problem_answers import ProblemDocument, example
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


_HEADERS = {"cache-control": "public, max-age=3600", "vary": "accept"}


async def explain(request: Request) -> Response:
    """Explain a problem."""
    problem = problems.ALL.get(request.path_params["name"])
    if problem is None:
        raise Refused(problems.NOT_FOUND)
    if _wants_page(request):
        return _page(problem_pages.page(problem))
    return json_response(explanation(problem), headers=_HEADERS)


async def explain_all(request: Request) -> Response:
    """List every kind of problem."""
    if _wants_page(request):
        return _page(problem_pages.overview(problems.ALL.values()))
    return json_response(Explanations([*map(explanation, problems.ALL.values())]), headers=_HEADERS)


def explanation(problem: Problem) -> Explanation:
    """Return what a program is told of a problem."""
    return Explanation(problem.type, problem.title, problem.status, problem.about, ADVICE[problem], example(problem))


def _wants_page(request: Request) -> bool:
    """Return whether a browser asks: programs that take anything do not name HTML."""
    return "text/html" in request.headers.get("accept", "")


def _page(html: str) -> Response:
    return Response(html, 200, {**problem_pages.HEADERS, **_HEADERS}, problem_pages.MEDIA_TYPE)


ROUTES = [
    LeanRoute(
        "/problems",
        explain_all,
        tags=["problems"],
        openapi_extra=operation(caller="anyone", answers={200: (Explanations, "text/html")}),
    ),
    LeanRoute(
        "/problems/{name}",
        explain,
        tags=["problems"],
        openapi_extra=operation(
            caller="anyone",
            parameters=["name"],
            answers={200: (Explanation, "text/html")},
            refusals=(problems.NOT_FOUND,),
        ),
    ),
]
