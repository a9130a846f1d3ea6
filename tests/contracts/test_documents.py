"""The documents that describe the contract hold together, and say what the code says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import yaml
from jsonschema import Draft202012Validator

from contracts import events, messages, schemas, topics
from contracts.topics import DeadLetterHeader

DOCS = Path(__file__).parents[2] / "docs"
API: dict[str, Any] = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def test_every_reference_leads_somewhere() -> None:
    for reference in references(API):
        path, _, pointer = reference.partition("#")
        if path:
            assert (DOCS / path).is_file(), reference
            continue
        node = API
        for name in pointer.strip("/").split("/"):
            assert name in node, reference
            node = node[name]


def test_every_topic_is_described() -> None:
    assert {topic.name for topic in topics.ALL} | {"socket"} == set(API["channels"])
    headers = API["channels"]["dead-letters"]["messages"]["letter"]["headers"]["properties"]
    names = (DeadLetterHeader.TOPIC, DeadLetterHeader.PARTITION, DeadLetterHeader.OFFSET, DeadLetterHeader.REASON)
    assert set(headers) == set(names)


@pytest.mark.parametrize(
    ("name", "shape"), [("snapshot", messages.Snapshot), ("reactions", messages.Reactions), ("poll", messages.Poll)]
)
def test_messages_have_the_fields_that_are_described(name: str, shape: type) -> None:
    described = API["components"]["schemas"][name]
    assert set(described["properties"]) == set(get_type_hints(shape))
    assert set(described["required"]) == shape.__required_keys__  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("topic", "shapes"),
    [
        ("reactions", [events.ReactionsRecord]),
        ("votes", [events.VotesRecord]),
        ("control", [events.StreamRecord, events.PollRecord, events.ApiKeyRecord]),
    ],
)
def test_records_have_the_fields_of_their_schema(topic: str, shapes: list[type]) -> None:
    schema = schemas.load(topic)
    Draft202012Validator.check_schema(schema)
    for described, shape in zip(schema.get("oneOf", [schema]), shapes, strict=True):
        assert set(described["properties"]) == set(described["required"]) == set(get_type_hints(shape))


def test_a_vote_has_the_fields_of_its_schema() -> None:
    vote = schemas.load("votes")["properties"]["votes"]["items"]
    assert set(vote["properties"]) == set(vote["required"]) == set(get_type_hints(events.Vote))
