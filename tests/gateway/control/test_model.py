import json
from typing import Any

import jsonschema
import msgspec
import pytest

from contracts import schemas
from contracts.limits import GRACE_MS, MAX_POLL_MS
from gateway.control import model
from tests.gateway.records import AT, api_key, poll, result, stream

SCHEMA = schemas.load("control")


@pytest.mark.parametrize(
    "record",
    [
        stream(),
        stream(status="ended", ended_at=AT),
        poll(),
        poll(closes_at=AT + 1, closes_in_s=60, correct=("2",), eligibility={"tier": ("gold", 3, True)}),
        poll(status="final", final_at=AT, result=result(), voter_salt=None),
        api_key(),
        api_key(expires_at=AT, revoked_at=AT),
    ],
)
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


@pytest.mark.parametrize(
    ("times", "closing_ms"),
    [
        ({}, AT + MAX_POLL_MS),
        ({"closes_at": AT + 5_000}, AT + 5_000),
        ({"closes_at": AT + 5_000, "closes_in_s": 3}, AT + 3_000),
        ({"closes_at": AT + 5_000, "closes_in_s": 9}, AT + 5_000),
        ({"closes_at": AT + 5_000, "closed_at": AT + 1}, AT + 1),
        ({"opened_at": None, "opens_at": AT + 1_000, "closes_in_s": 3}, AT + 4_000),
        ({"opened_at": None, "closes_in_s": 3}, None),
    ],
)
def test_the_earliest_closing_wins(times: dict[str, Any], closing_ms: int | None) -> None:
    made = poll(**times)
    assert made.closing_ms == closing_ms
    assert made.deadline_ms == (None if closing_ms is None else closing_ms + GRACE_MS)


def test_a_schedule_needs_nobody_to_write_that_its_time_has_come() -> None:
    made = poll(status="scheduled", opened_at=None, opens_at=AT + 1_000, closes_in_s=2)
    assert [made.status_at(AT + ms) for ms in (999, 1_000, 3_000, 3_001)] == ["scheduled", "open", "open", "closed"]
