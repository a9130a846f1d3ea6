"""Problems as answers: each status lists the types that may come with it, and shows one of each."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from gateway import problems
from gateway.openapi import headers, schemas
from gateway.problems import Problem
from gateway.refusal import MEDIA_TYPE, Refused

ANYWHERE = (
    problems.NOT_FOUND,
    problems.METHOD_NOT_ALLOWED,
    problems.HTTP_ERROR,
    problems.INVALID_REQUEST,
    problems.NOT_HTTP,
    problems.SLOW_REQUEST,
    problems.LARGE_HEAD,
    problems.INTERNAL,
)
"""What may be answered at any address, below what routes decide. No operation lists them."""

_FIELDS = {
    problems.INVALID_FIELD: "title",
    problems.DUPLICATE_KEY: "title",
    problems.MISSING_SCOPE: "polls",
    problems.STREAM_EXISTS: "stream_id",
    problems.POLL_EXISTS: "poll_id",
    problems.UNKNOWN_FRAME: "type",
    problems.WRONG_ORDER: "id",
}
_COUNTED_ALL_THE_SAME = {"receipt": "q83vEjRWeJCrze8SNFZ4"}
_EXTENSIONS = {problems.LATE_VOTE: _COUNTED_ALL_THE_SAME, problems.INELIGIBLE: _COUNTED_ALL_THE_SAME}
_WAITS = {problems.RATE_LIMITED, problems.IDEMPOTENCY_IN_PROGRESS}


class ProblemDocument(msgspec.Struct, frozen=True):
    """A problem (RFC 9457). `type` leads to its explanation; `field` is the member of the request that is at fault;
    `receipt` is that of a vote which was counted all the same, as late or as ineligible; `retry_after_s` says after how
    many seconds the same request makes sense again; `request_id` is the answer's `X-Request-Id`, as the log has it.
    """

    type: str
    title: str
    status: int
    detail: str
    field: str | UnsetType = UNSET
    receipt: str | UnsetType = UNSET
    retry_after_s: int | UnsetType = UNSET
    request_id: str | UnsetType = UNSET


def example(problem: Problem) -> ProblemDocument:
    """Return the problem as it may be met."""
    retry_after_s = 1 if problem in _WAITS else None
    refused = Refused(
        problem, field=_FIELDS.get(problem), extensions=_EXTENSIONS.get(problem), retry_after_s=retry_after_s
    )
    return msgspec.convert(refused.members(), ProblemDocument)


def add(responses: dict[str, Any], refusals: Iterable[Problem]) -> None:
    """Add problems to an operation's answers. One that is there already stays as it is."""
    for problem in refusals:
        answer = responses.setdefault(str(problem.status), {"description": "", "content": {}})
        content = answer["content"].setdefault(MEDIA_TYPE, {"schema": _schema(), "examples": {}})
        if problem.name in content["examples"]:
            continue
        content["examples"][problem.name] = {
            "summary": problem.title,
            "value": msgspec.to_builtins(example(problem)),
        }
        content["schema"]["properties"]["type"]["enum"].append(problem.type)
        answer["description"] = f"{answer['description']}\n\n`{problem.type}`: {problem.about}".strip()
        answer.setdefault("headers", {}).update(headers.of_problems(problem.status))


def _schema() -> dict[str, Any]:
    return {"allOf": [schemas.of(ProblemDocument)], "properties": {"type": {"enum": []}}}
