from typing import Any

import pytest
from fastapi.routing import APIRoute

from gateway.app import create_app
from gateway.settings import Settings


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    settings = Settings(api_keys="k", token_secret="t" * 32, voter_secret="v" * 32)  # type: ignore[arg-type]
    app = create_app(settings)
    paths = {route.path for route in app.routes if isinstance(route, APIRoute)}
    document: dict[str, Any] = app.openapi()
    assert paths == document["paths"].keys()
    return document


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return found.union(*(references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(references(value) for value in node))
    return set()


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) <= known


def test_every_parameter_of_a_path_is_described(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        named = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path


def test_every_call_that_takes_a_body_says_which_and_how_it_can_fail(document: dict[str, Any]) -> None:
    without_body = ("/end", "/open", "/close")
    for path, method, operation in operations(document):
        if method == "post" and not path.endswith(without_body):
            assert "schema" in operation["requestBody"]["content"]["application/json"], path
            assert {"400", "413", "422"} <= operation["responses"].keys(), path
        if path.startswith("/v1/") and not path.endswith("/live"):
            assert operation["security"], path
            assert "application/problem+json" in operation["responses"]["401"]["content"], path


def test_every_answer_is_described(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        good = [status for status in operation["responses"] if status < "300"]
        assert len(good) == 1, path
        assert operation["description"], path
