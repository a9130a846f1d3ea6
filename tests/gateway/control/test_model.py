import json
from typing import Any

import jsonschema
import msgspec
import pytest

from contracts import schemas
from gateway.control import model
from tests.gateway.records import AT, poll, stream

SCHEMA = schemas.load("control")


@pytest.mark.parametrize("record", [stream(), stream(status="ended", ended_at=AT), poll(), poll(closes_at=AT + 1)])
def test_what_is_written_is_valid_and_read_back(record: model.Record) -> None:
    raw = model.encode(record)
    jsonschema.validate(json.loads(raw), SCHEMA)
    assert model.decode(raw) == record


@pytest.mark.parametrize("example", SCHEMA["examples"])
def test_reads_the_examples_of_the_contract(example: dict[str, Any]) -> None:
    assert json.loads(model.encode(model.decode(json.dumps(example).encode()))) == example


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"kind": "other"},
        {"stream_id": "not an id"},
        {"title": ""},
        {"emojis": []},
        {"emojis": ["\x00"]},
        {"status": "paused"},
        {"at": 1},
    ],
)
def test_refuses_what_the_contract_refuses(change: dict[str, Any]) -> None:
    value = {**SCHEMA["examples"][0], **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, SCHEMA)
    with pytest.raises(msgspec.MsgspecError):
        model.decode(json.dumps(value).encode())
