"""`/openapi.json`: what the routes said, and what no route need say for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.routing import APIRoute

from gateway import problems
from gateway.openapi import links, problem_answers, schemas
from gateway.openapi.parameters import IDEMPOTENCY_KEY
from gateway.refusal import MEDIA_TYPE

_SECURITY_SCHEMES = {
    "apiKey": {"type": "http", "scheme": "bearer", "description": "A broadcaster's API key."},
    "viewerToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A viewer's or overlay's token for one stream.",
    },
}
_TAGS = {
    "viewers": "Calls with a viewer's token, and what everybody may read.",
    "broadcasters": "Calls with an API key.",
    "history": "What was: calls with an API key that may read.",
    "health": "For who runs the gateway.",
    "problems": "What the `type` of a problem leads to.",
    "pages": "Pages for browsers, and their files.",
}
_WRITES = {"post", "patch", "delete"}
_OF_IDEMPOTENCY = (
    problems.TOO_LARGE,
    problems.BAD_IDEMPOTENCY_KEY,
    problems.IDEMPOTENCY_KEY_REUSED,
    problems.IDEMPOTENCY_IN_PROGRESS,
    problems.IDEMPOTENCY_UNAVAILABLE,
)


class Forms(dict[str, object]):
    """One answer as it looks in several media types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Examples of one operation, as instances of the types that its route names, so that no two can disagree.

    `bodies` are named by a sentence.
    """

    bodies: Mapping[str, msgspec.Struct] = field(default_factory=dict)
    answers: Mapping[int, object]


def complete(app: FastAPI, examples: Mapping[str, Example]) -> None:
    """Make `/openapi.json` whole; `examples` are by operation id, which is the name of the route's function."""
    describe = app.openapi
    for route in app.routes:
        if isinstance(route, APIRoute):
            route.operation_id = route.unique_id = route.name

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(describe(), examples)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _completed(document: dict[str, Any], examples: Mapping[str, Example]) -> dict[str, Any]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["summary"] = " ".join(operation["description"].split()).split(". ")[0].rstrip(".")
            _share(path, method, operation)
            links.add(operation)
            if example := examples.get(operation["operationId"]):
                _show(operation, example)
    anywhere = ", ".join(f"`{problem.type}`" for problem in problem_answers.ANYWHERE)
    document["info"]["description"] += f" Any address may answer {anywhere}."
    document["tags"] = [{"name": name, "description": about} for name, about in _TAGS.items()]
    components = document.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **schemas.components()}
    components["securitySchemes"] = _SECURITY_SCHEMES
    return document


def _share(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add what is true of every call, or of every write; take out what FastAPI assumes of what it does not know."""
    for answer in operation["responses"].values():
        for media_type in [name for name, content in answer.get("content", {}).items() if not content["schema"]]:
            del answer["content"][media_type]
    if path.startswith("/v1/"):
        problem_answers.add(operation["responses"], (problems.RATE_LIMITED,))
        if method in _WRITES:
            operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY.document())
            problem_answers.add(operation["responses"], _OF_IDEMPOTENCY)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _show(operation: dict[str, Any], example: Example) -> None:
    if example.bodies:
        operation["requestBody"]["content"]["application/json"]["examples"] = {
            f"example-{number}": {"summary": summary, "value": _without_defaults(body)}
            for number, (summary, body) in enumerate(example.bodies.items(), 1)
        }
    for status, answer in example.answers.items():
        content = operation["responses"][str(status)]["content"]
        first = next(media_type for media_type in content if media_type != MEDIA_TYPE)
        for media_type, form in (answer if isinstance(answer, Forms) else {first: answer}).items():
            content[media_type]["example"] = _written(form)


def _without_defaults(body: msgspec.Struct) -> dict[str, Any]:
    written: dict[str, Any] = _written(body)
    for known in msgspec.structs.fields(body):
        default = known.default if known.default_factory is msgspec.NODEFAULT else known.default_factory()
        if getattr(body, known.name) == default:
            written.pop(known.encode_name, None)
    return written


def _written(value: object) -> Any:
    """Return a value as the gateway writes it."""
    return msgspec.json.decode(msgspec.json.encode(value))
