"""What a problem's `type` leads to."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.lean import LeanRoute, json_response
from gateway.openapi import operation
from gateway.refusal import Refused


class Explanation(msgspec.Struct, frozen=True):
    """One kind of problem."""

    type: str
    title: str
    status: int
    about: str


async def explain(request: Request) -> Response:
    """Explain a problem in a sentence."""
    problem = problems.ALL.get(request.path_params["name"])
    if problem is None:
        raise Refused(problems.NOT_FOUND)
    explanation = Explanation(problem.type, problem.title, problem.status, problem.about)
    return json_response(explanation, headers={"cache-control": "public, max-age=3600"})


ROUTES = [
    LeanRoute(
        "/problems/{name}",
        explain,
        tags=["problems"],
        openapi_extra=operation(
            caller="anyone", parameters=["name"], answers={200: Explanation}, refusals=(problems.NOT_FOUND,)
        ),
    )
]
