import json
import re
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pyflink.table import TableEnvironment

from contracts import schemas
from contracts.canonical import CANONICAL
from contracts.events import Vote, VotesRecord
from contracts.limits import MAX_VOTES_PER_RECORD
from contracts.topics import REACTIONS, VOTES, Topic
from jobs import dead_letters
from jobs.dead_letters import reason_checker
from jobs.sources import bounded_files
from tests.jobs.votes import START, vote

TOPICS = ("reactions", "votes", "control")


def compact(record: Any) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def example(topic: str, number: int = 0) -> Any:
    return json.loads(json.dumps(schemas.load(topic)["examples"][number]))


def define_file(env: TableEnvironment, topic: Topic, path: Path) -> None:
    env.execute_sql(f"""
        CREATE TEMPORARY TABLE raw_{topic.name} (
            `value` BYTES, `partition` AS 0, `offset` AS CAST(0 AS BIGINT)
        ) WITH ({bounded_files(path.as_uri())}, 'format' = 'raw')""")


@pytest.mark.parametrize("topic", TOPICS)
def test_the_examples_of_a_schema_are_valid(topic: str) -> None:
    schema = schemas.load(topic)
    Draft202012Validator.check_schema(schema)
    assert [reason_checker(topic)(compact(one)) for one in schema["examples"]] == [None] * len(schema["examples"])


def test_the_examples_are_written_as_gateways_write() -> None:
    for one in schemas.load("votes")["examples"]:
        assert re.search(CANONICAL["votes"], compact(one).decode())


@pytest.mark.parametrize(
    ("topic", "value", "reason"),
    [
        ("reactions", None, "no value"),
        ("reactions", b"\xff\xfe", "not JSON"),
        ("reactions", b"{", "not JSON"),
        ("reactions", b"[" * 200_000, "not JSON"),
        ("reactions", b"[]", "is not of type 'object'"),
        ("reactions", compact({**example("reactions"), "v": 2}), "$.v"),
        ("reactions", compact({**example("reactions"), "counts": {"🔥": -1}}), "minimum"),
        ("reactions", compact({**example("reactions"), "counts": {}}), "$.counts"),
        ("reactions", compact({**example("reactions"), "video": {"1.5": {"🔥": 1}}}), "$.video"),
        ("reactions", compact({**example("reactions"), "reactors": {"level": 99, "hashes": [1]}}), "$.reactors.level"),
        ("votes", compact({**example("votes"), "votes": []}), "$.votes"),
        ("votes", compact({"v": 1}), "required property"),
        ("control", compact({"v": 1, "kind": "nothing"}), ""),
    ],
)
def test_a_bad_record_is_named(topic: str, value: bytes | None, reason: str) -> None:
    found = reason_checker(topic)(value)
    assert found is not None
    assert reason in found
    assert len(found) <= dead_letters.MAX_REASON_CHARS


def test_a_tombstone_in_control_is_no_fault() -> None:
    assert reason_checker("control")(None) is None


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "stream_id": st.text(max_size=3),
            "voter": st.sampled_from(["v" * 21, "v" * 22]),
            "receipt": st.sampled_from(["0" * 26, "I" * 26]),
            "at": st.sampled_from([None, 1, START]),
            "choices": st.integers(-1, 3) | st.integers(10**14, 10**16),
            "options": st.integers(-1, 60),
            "max_choices": st.integers(-1, 60),
            "allow_change": st.sampled_from([True, None, 1]),
            "allow_withdraw": st.booleans(),
            "eligible": st.booleans(),
            "deadline": st.sampled_from([None, 0, START]),
        },
    )
)
def test_a_votes_pattern_lets_pass_only_what_is_valid_and_all_that_gateways_write(changes: dict[str, Any]) -> None:
    record = example("votes")
    record["votes"][0] |= changes
    value = compact(record)
    passes = re.search(CANONICAL["votes"], value.decode()) is not None
    if passes:
        assert reason_checker("votes")(value) is None
    elif reason_checker("votes")(value) is None:
        assert record["votes"][0]["choices"] >= 10**15, "only the largest numbers are left to the schema"


def test_a_number_that_json_does_not_know_does_not_pass() -> None:
    text = compact(example("votes")).decode()
    assert not re.search(CANONICAL["votes"], text.replace('"choices":2', '"choices":02'))


def test_the_encoder_of_the_gateway_writes_canonical_votes() -> None:
    record: VotesRecord = {
        "v": 1,
        "region": "eu",
        "edge": "gw-1",
        "votes": [vote(1, 2, 3, playback_ms=5), vote(2, 3, 0)],
    }
    for one in record["votes"]:
        assert tuple(one) == tuple(get_type_hints(Vote))[: len(one)], "fields in the order of the contract"
    assert re.search(CANONICAL["votes"], msgspec.json.encode(record).decode())


@pytest.mark.flink
def test_the_largest_batch_of_votes_passes_in_the_jvm(env: TableEnvironment, tmp_path: Path) -> None:
    votes = [vote(viewer, viewer, 3, deadline=START) for viewer in range(MAX_VOTES_PER_RECORD)]
    full = {"v": 1, "region": "eu", "edge": "gw-1", "votes": votes}
    lines = [compact(full), compact({**full, "votes": [*votes, votes[0]]})]
    (tmp_path / "raw").write_bytes(b"\n".join(lines) + b"\n")
    define_file(env, VOTES, tmp_path / "raw")
    bad = dead_letters.define_bad(env, VOTES)
    with env.from_path(bad).execute().collect() as rows:
        assert [bytes(row[0]) for row in rows] == lines[1:]


@pytest.mark.flink
def test_only_bad_records_come_out_with_their_bytes(env: TableEnvironment, tmp_path: Path) -> None:
    good = example("reactions")
    loose = json.dumps(dict(reversed(good.items())))
    fraction = compact(good).replace(b"1763800000123", b"1763800000123.0")
    lines = [compact(good), loose.encode(), b"garbage", compact({**good, "at": 1}), b"\xf0\x28\x8c\x28", fraction]
    (tmp_path / "raw").write_bytes(b"\n".join(lines) + b"\n")

    define_file(env, REACTIONS, tmp_path / "raw")
    bad = dead_letters.define_bad(env, REACTIONS)

    with env.from_path(bad).execute().collect() as rows:
        found = {bytes(row[0]): row[3] for row in rows}
    assert set(found) == set(lines[2:])
    assert found[fraction] == "$.at: 1763800000123.0 is not of type 'integer'"
    assert "not JSON" in found[lines[2]]
    assert "$.at" in found[lines[3]]
