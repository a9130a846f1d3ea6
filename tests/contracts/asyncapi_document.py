"""`docs/asyncapi.yaml` as a test reads it: parsed, and each message with a validator."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

PATH = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))


def _retrieve(uri: str) -> Resource[Any]:
    text = Path(url2pathname(urlsplit(uri).path)).read_text(encoding="utf-8")
    return Resource.from_contents(yaml.safe_load(text), default_specification=DRAFT202012)


_REGISTRY: Registry[Any] = Registry(retrieve=_retrieve)  # type: ignore[call-arg]


def resolve(reference: str) -> Any:
    """Return what a `$ref` of the document leads to. Raises referencing's Unresolvable if that is nothing."""
    return _REGISTRY.resolver(PATH.as_uri()).lookup(reference).contents


def validator(reference: str) -> Draft202012Validator:
    """Return what validates against the schema at a `$ref` of the document."""
    base = PATH.as_uri()
    return Draft202012Validator(
        {"$ref": base + reference if reference.startswith("#") else reference}, registry=_REGISTRY
    )


def check(message: dict[str, Any]) -> None:
    """Hold a message of the socket against the document.

    Raises jsonschema's ValidationError, and AssertionError where it has more than is described.
    """
    payload = resolve(f"#/components/messages/{message['type']}/payload")
    validator(f"#/components/messages/{message['type']}/payload").validate(message)
    described = resolve(payload["$ref"]) if "$ref" in payload else payload
    assert message.keys() <= described["properties"].keys(), message


def references(node: Any) -> Iterator[str]:
    """Yield every `$ref`."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)
