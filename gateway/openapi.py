"""OpenAPI for routes whose bodies msgspec decodes: what FastAPI would read from annotations is said here by type."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec
from fastapi import FastAPI

from gateway import problems
from gateway.problems import Problem
from gateway.refusal import MEDIA_TYPE

Caller = Literal["broadcaster", "viewer", "either", "anyone"]

_REF = "#/components/schemas/{name}"
_SECURITY: dict[Caller, list[dict[str, list[str]]]] = {
    "broadcaster": [{"apiKey": []}],
    "viewer": [{"viewerToken": []}],
    "either": [{"apiKey": []}, {"viewerToken": []}],
    "anyone": [],
}
_types: set[type] = set()


class ProblemDocument(msgspec.Struct, frozen=True):
    """A problem (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None


def operation(
    *,
    caller: Caller,
    parameters: Sequence[str] = (),
    body: type | None = None,
    answers: dict[int, type | str],
    refusals: Iterable[Problem] = (),
) -> dict[str, Any]:
    """Return a route's `openapi_extra`.

    `parameters` are the names in its path; `answers` maps a status to a type, or to the media type of what is no JSON.
    Whoever reads a `body` may refuse it as such, so those problems need not be among `refusals`.
    """
    if body is not None:
        refusals = (*refusals, problems.NOT_JSON, problems.TOO_LARGE, problems.INVALID_FIELD)
    document: dict[str, Any] = {"security": _SECURITY[caller]} if caller != "anyone" else {}
    if parameters:
        document["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in parameters
        ]
    if body is not None:
        document["requestBody"] = {"required": True, "content": {"application/json": {"schema": _schema(body)}}}
    document["responses"] = {
        **{str(status): _answer(status, answer) for status, answer in answers.items()},
        **_refusals(refusals),
    }
    return document


def _answer(status: int, answer: type | str) -> dict[str, Any]:
    if isinstance(answer, str):
        return {"description": "OK", "content": {answer: {"schema": {"type": "string"}}} if answer else {}}
    return {
        "description": "OK" if status < 400 else "Not OK",
        "content": {"application/json": {"schema": _schema(answer)}},
    }


def _refusals(refusals: Iterable[Problem]) -> dict[str, Any]:
    by_status: dict[str, list[Problem]] = {}
    for problem in refusals:
        by_status.setdefault(str(problem.status), []).append(problem)
    return {
        status: {
            "description": " ".join(f"`{each.type}`: {each.about}" for each in those),
            "content": {MEDIA_TYPE: {"schema": _schema(ProblemDocument)}},
        }
        for status, those in by_status.items()
    }


def _schema(of: type) -> dict[str, Any]:
    _types.add(of)
    (schema,), _ = msgspec.json.schema_components([of], ref_template=_REF)
    return schema


def complete(app: FastAPI) -> None:
    """Make `/openapi.json` whole: the types that routes named, and the two ways of saying who one is."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = describe()
            _, types = msgspec.json.schema_components(_types, ref_template=_REF)
            components = document.setdefault("components", {})
            components["schemas"] = {**components.get("schemas", {}), **types}
            components["securitySchemes"] = {
                "apiKey": {"type": "http", "scheme": "bearer", "description": "A broadcaster's API key."},
                "viewerToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            }
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
