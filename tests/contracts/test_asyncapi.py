"""`docs/asyncapi.yaml` is an AsyncAPI document, shows each message, and says what the code says."""

import json
import re
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from jsonschema import Draft7Validator, ValidationError

from contracts import closing, messages, topics
from contracts.topics import DeadLetterHeader, Topic
from gateway import problems
from gateway.live import frames
from tests.contracts.asyncapi_document import DOCUMENT, references, resolve, validator

OFFICIAL = Path(__file__).parent / "asyncapi" / "schema-3.0.0.json"
CHANNELS: dict[str, Any] = DOCUMENT["channels"]
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
EXAMPLES = [(name, example["payload"]) for name, each in MESSAGES.items() for example in each["examples"]]


def test_it_is_what_asyncapi_says_a_document_is() -> None:
    official = Draft7Validator(json.loads(OFFICIAL.read_text(encoding="utf-8")))
    official.validate(DOCUMENT)
    with pytest.raises(ValidationError):
        official.validate({**DOCUMENT, "operations": {"watch": {"action": "shout"}}})


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        resolve(reference)


def test_every_topic_is_described() -> None:
    assert {topic.name for topic in topics.ALL} | {"socket"} == set(CHANNELS)
    headers = CHANNELS["dead-letters"]["messages"]["letter"]["headers"]["properties"]
    names = (DeadLetterHeader.TOPIC, DeadLetterHeader.PARTITION, DeadLetterHeader.OFFSET, DeadLetterHeader.REASON)
    assert set(headers) == set(names)


@pytest.mark.parametrize("topic", topics.ALL, ids=lambda topic: topic.name)
def test_topics_are_made_as_they_are_described(topic: Topic) -> None:
    described = CHANNELS[topic.name]["bindings"]["kafka"]
    assert described["partitions"] == topic.partitions
    for option, value in described["topicConfiguration"].items():
        assert (",".join(value) if isinstance(value, list) else str(value)) == topic.config[option]


def test_each_kind_of_control_is_described_by_its_own_schema_and_key() -> None:
    keys = {
        "stream": topics.stream_key("cup"),
        "poll": topics.poll_key("cup", "who"),
        "seal": topics.seal_key("cup", "who", "eu"),
        "pulse": topics.pulse_key("eu"),
        "api_key": topics.api_key_key("a1"),
    }
    described = CHANNELS["control"]["messages"]
    assert set(described) == set(keys)
    for name, message in described.items():
        assert resolve(message["payload"]["$ref"])["properties"]["kind"] == {"const": name}
        assert re.fullmatch(message["bindings"]["kafka"]["key"]["pattern"], keys[name])


@pytest.mark.parametrize(("name", "payload"), EXAMPLES)
def test_every_example_is_such_a_message(name: str, payload: dict[str, Any]) -> None:
    validator(f"#/components/messages/{name}/payload").validate(payload)


def test_every_message_of_the_socket_has_an_example() -> None:
    assert CHANNELS["socket"]["messages"].keys() == MESSAGES.keys() == {name for name, _ in EXAMPLES}


@pytest.mark.parametrize("name", ["react", "vote", "withdraw", "show"])
def test_the_gateway_reads_the_example_of_each_frame(name: str) -> None:
    (payload,) = (payload for each, payload in EXAMPLES if each == name)
    frame = frames.read(json.dumps(payload))
    described = MESSAGES[name]["payload"]["properties"].keys()
    assert {"type", *frame.__struct_fields__} == described


def test_the_error_frame_of_the_example_is_a_problem() -> None:
    (payload,) = (payload for name, payload in EXAMPLES if name == "error")
    problem = problems.ALL[payload["problem"].removeprefix("/problems/")]
    assert (payload["title"], payload["status"]) == (problem.title, problem.status)


def test_where_results_are_hidden_no_number_is() -> None:
    poll = validator("#/components/messages/poll/payload")
    (hidden,) = (payload for _, payload in EXAMPLES if payload.get("results_hidden"))
    assert not poll.is_valid({**hidden, "voters": 1})
    assert not poll.is_valid({**hidden, "version": 1})
    assert not poll.is_valid({**hidden, "options": [{"id": "1", "votes": 1}]})
    assert not poll.is_valid({**hidden, "results_hidden": False})


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("snapshot", messages.Snapshot),
        ("reactions", messages.Reactions),
        ("poll", messages.Poll),
        ("presence", messages.Presence),
        ("welcome", messages.Welcome),
    ],
)
def test_messages_have_the_fields_that_are_described(name: str, shape: type) -> None:
    described = DOCUMENT["components"]["schemas"][name]
    assert set(described["properties"]) == set(get_type_hints(shape))
    assert set(described["required"]) == shape.__required_keys__  # type: ignore[attr-defined]


def test_every_way_of_closing_is_described() -> None:
    described = {each["code"]: each for each in CHANNELS["socket"]["x-closing"]}
    assert described == {
        code: {"code": code, "reasons": [*each.reasons], "final": each.is_final, "description": each.means}
        for code, each in closing.ALL.items()
    }
