"""The schemas of the Kafka records hold together, and say what the code says."""

from typing import Any, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from contracts import events, schemas

RECORDS: dict[str, list[type]] = {
    "reactions": [events.ReactionsRecord],
    "votes": [events.VotesRecord],
    "control": [events.StreamRecord, events.PollRecord, events.SealRecord, events.PulseRecord, events.ApiKeyRecord],
}


@pytest.mark.parametrize(("topic", "shapes"), RECORDS.items())
def test_records_have_the_fields_of_their_schema(topic: str, shapes: list[type]) -> None:
    schema = schemas.load(topic)
    Draft202012Validator.check_schema(schema)
    for described, shape in zip(schema.get("oneOf", [schema]), shapes, strict=True):
        assert set(described["properties"]) == set(get_type_hints(shape))
        assert set(described["required"]) == shape.__required_keys__  # type: ignore[attr-defined]


@pytest.mark.parametrize(("topic", "shapes"), RECORDS.items())
def test_every_kind_of_record_has_an_example(topic: str, shapes: list[type]) -> None:
    schema = schemas.load(topic)
    examples: list[Any] = schema["examples"]
    for example in examples:
        Draft202012Validator(schema).validate(example)
    assert {frozenset(get_type_hints(shape)) for shape in shapes} <= {frozenset(example) for example in examples}


def test_a_vote_has_the_fields_of_its_schema() -> None:
    vote = schemas.load("votes")["properties"]["votes"]["items"]
    assert set(vote["properties"]) == set(get_type_hints(events.Vote))
    assert set(vote["required"]) == events.Vote.__required_keys__
