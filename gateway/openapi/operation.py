"""What FastAPI would read from annotations is said here by type, because msgspec decodes the bodies."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from gateway import problems
from gateway.openapi import parameters as described
from gateway.openapi import problem_answers, schemas
from gateway.openapi.headers import ETAG, Header, documents
from gateway.openapi.parameters import IF_NONE_MATCH, Parameter
from gateway.problems import Problem

Caller = Literal["broadcaster", "viewer", "either", "anyone"]

_SECURITY: dict[Caller, list[dict[str, list[str]]]] = {
    "broadcaster": [{"apiKey": []}],
    "viewer": [{"viewerToken": []}],
    "either": [{"apiKey": []}, {"viewerToken": []}],
    "anyone": [],
}
_JSON = "application/json"
_MEANINGS = {
    201: "Created.",
    202: "Taken.",
    204: "Done.",
    304: "The copy that the caller has is the newest.",
    307: "It is there.",
}


def operation(
    *,
    caller: Caller,
    parameters: Sequence[str] = (),
    takes: Sequence[Parameter] = (),
    body: Any = None,
    answers: dict[int, Any],
    gives: dict[int, Sequence[Header]] | None = None,
    refusals: Iterable[Problem] = (),
) -> dict[str, Any]:
    """Return a route's `openapi_extra`.

    `parameters` are the names in its path, `takes` its headers and queries. `answers` maps a status to a type, to the
    media type of what is no JSON, to several of these as a tuple, or to "" where no body is; `gives` maps a status to
    its headers. Who may answer 304 takes `If-None-Match` and gives an `ETag`. Whoever reads a `body` may refuse it as
    such, so those problems need not be among `refusals`.
    """
    gives = dict(gives or {})
    if 304 in answers:
        takes = (*takes, IF_NONE_MATCH)
        for status in (200, 304):
            gives[status] = (*gives.get(status, ()), ETAG)
    if body is not None:
        refusals = (*refusals, problems.NOT_JSON, problems.DUPLICATE_KEY, problems.TOO_LARGE, problems.INVALID_FIELD)
    document: dict[str, Any] = {"security": _SECURITY[caller]} if caller != "anyone" else {}
    document["parameters"] = [
        *(described.of_path(name) for name in parameters),
        *(parameter.document() for parameter in takes),
    ]
    if body is not None:
        document["requestBody"] = {"required": True, "content": {_JSON: {"schema": schemas.of(body)}}}
    document["responses"] = {
        str(status): _answer(status, answer, gives.get(status, ())) for status, answer in answers.items()
    }
    problem_answers.add(document["responses"], refusals)
    return document


def _answer(status: int, answer: Any, headers: Sequence[Header]) -> dict[str, Any]:
    document: dict[str, Any] = {"description": _MEANINGS.get(status, "OK." if status < 400 else "Not OK.")}
    forms = answer if isinstance(answer, tuple) else (answer,) if answer != "" else ()
    if forms:
        document["content"] = dict(map(_content, forms))
    if headers:
        document["headers"] = documents(headers)
    return document


def _content(form: Any) -> tuple[str, dict[str, Any]]:
    if isinstance(form, str):
        return form, {"schema": {"type": "string"}}
    return _JSON, {"schema": schemas.of(form)}
