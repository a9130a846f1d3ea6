"""The OpenAPI document describes every call whole: words, bounds, headers, and an example of all that may come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import APIRoute
from jsonschema import Draft202012Validator

from gateway import problems
from gateway.app import create_app
from gateway.openapi.examples import EXAMPLES
from gateway.openapi.problem_answers import ANYWHERE
from gateway.settings import Settings

PROBLEM = "application/problem+json"
ON_THE_SOCKET = {
    problems.UNKNOWN_FRAME,
    problems.WRONG_ORDER,
    problems.UNCERTAIN_TAPS,
    problems.FOREIGN_ORIGIN,
    problems.BAD_FRAMES,
    problems.TOO_MANY_FRAMES,
    problems.SLOW_SOCKET,
    problems.RESUMED_ELSEWHERE,
}
"""What only the socket answers, which docs/asyncapi.yaml describes."""


def _document() -> dict[str, Any]:
    settings = Settings(api_keys="k", token_secret="t" * 32, voter_secret="v" * 32)  # type: ignore[arg-type]
    app = create_app(settings)
    document: dict[str, Any] = app.openapi()
    assert {route.path for route in app.routes if isinstance(route, APIRoute)} == document["paths"].keys()
    return document


DOCUMENT = _document()
UNBOUNDED = {"If-Match", "If-None-Match"}
"""What is no entity tag is a tag that does not match."""


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    document: dict[str, Any]

    def __str__(self) -> str:
        return str(self.document["operationId"])

    def parameters(self, place: str) -> dict[str, dict[str, Any]]:
        return {each["name"]: each for each in self.document.get("parameters", []) if each["in"] == place}

    def contents(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield status, media type and content of every answer that has a body."""
        for status, answer in self.document["responses"].items():
            for media_type, content in answer.get("content", {}).items():
                yield status, media_type, content


OPERATIONS = [
    Operation(method, path, document)
    for path, methods in DOCUMENT["paths"].items()
    for method, document in methods.items()
]
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


def validate(schema: dict[str, Any], value: Any) -> None:
    Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return found.union(*(references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(references(value) for value in node))
    return set()


def test_every_reference_leads_somewhere() -> None:
    known = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert references(DOCUMENT) == known


def test_operation_ids_tell_calls_apart() -> None:
    assert len({str(operation) for operation in OPERATIONS}) == len(OPERATIONS)


def test_there_are_no_examples_of_calls_that_are_not_there() -> None:
    assert EXAMPLES.keys() <= {str(operation) for operation in OPERATIONS}


@every_operation
def test_words(operation: Operation) -> None:
    summary, description = operation.document["summary"], operation.document["description"]
    assert 3 < len(summary) <= 100
    assert description.endswith(".")
    assert set(operation.document["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    assert operation.document["tags"]


@every_operation
def test_every_parameter_is_described_and_bounded(operation: Operation) -> None:
    in_path = {part[1:-1] for part in operation.path.split("/") if part.startswith("{")}
    assert operation.parameters("path").keys() == in_path
    for parameter in operation.document.get("parameters", []):
        assert parameter["description"].endswith(".")
        assert parameter["schema"].keys() > {"type"} or parameter["name"] in UNBOUNDED, parameter
        validate(parameter["schema"], parameter["example"])


@every_operation
def test_every_body_has_examples_and_can_fail(operation: Operation) -> None:
    if "requestBody" not in operation.document:
        return
    content = operation.document["requestBody"]["content"]["application/json"]
    assert content["examples"]
    for example in content["examples"].values():
        assert example["summary"]
        validate(content["schema"], example["value"])
    assert {"400", "413", "422"} <= operation.document["responses"].keys()


@every_operation
def test_every_good_answer_has_an_example(operation: Operation) -> None:
    good = [status for status in operation.document["responses"] if status < "400" and status != "304"]
    assert len(good) == 1
    for status, media_type, content in operation.contents():
        if media_type == PROBLEM or (media_type.startswith("text/html") and status < "300"):
            continue
        validate(content["schema"], content["example"])


@every_operation
def test_every_problem_has_an_example(operation: Operation) -> None:
    for status, media_type, content in operation.contents():
        if media_type != PROBLEM:
            continue
        listed = content["schema"]["properties"]["type"]["enum"]
        examples = [example["value"] for example in content["examples"].values()]
        assert [example["type"] for example in examples] == listed
        for example in examples:
            validate(content["schema"], example)
            assert str(example["status"]) == status


@every_operation
def test_every_header_is_described(operation: Operation) -> None:
    answers = operation.document["responses"]
    for answer in answers.values():
        for header in answer.get("headers", {}).values():
            assert header["description"].endswith(".")
            validate(header["schema"], header["example"])
    for status, names in {
        "401": {"WWW-Authenticate"},
        "429": {"Retry-After", "RateLimit", "RateLimit-Policy"},
        "304": {"ETag"},
    }.items():
        if status in answers:
            assert names <= answers[status]["headers"].keys()


@every_operation
def test_who_is_asked_for_credentials_can_fail_to_have_them(operation: Operation) -> None:
    assert bool(operation.document.get("security")) == ("401" in operation.document["responses"])


@every_operation
def test_every_write_takes_an_idempotency_key(operation: Operation) -> None:
    is_write = operation.method in {"post", "patch", "delete"}
    assert ("Idempotency-Key" in operation.parameters("header")) == is_write


def test_every_link_leads_to_a_call_that_takes_it() -> None:
    known = {str(operation): operation for operation in OPERATIONS}
    links = [
        link
        for operation in OPERATIONS
        for answer in operation.document["responses"].values()
        for link in answer.get("links", {}).values()
    ]
    assert links
    for link in links:
        assert link["parameters"].keys() == known[link["operationId"]].parameters("path").keys()


def test_every_problem_is_declared_by_a_call() -> None:
    declared = {
        each
        for operation in OPERATIONS
        for _, media_type, content in operation.contents()
        if media_type == PROBLEM
        for each in content["schema"]["properties"]["type"]["enum"]
    }
    undeclared = {problem for problem in problems.ALL.values() if problem.type not in declared}
    assert undeclared <= {*ANYWHERE, *ON_THE_SOCKET}
