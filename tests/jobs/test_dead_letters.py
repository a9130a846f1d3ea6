import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pyflink.table import TableEnvironment

from contracts import schemas
from contracts.topics import REACTIONS
from jobs import dead_letters
from jobs.dead_letters import CANONICAL, reason_checker
from jobs.sources import bounded_files

TOPICS = ("reactions", "votes", "control")


def compact(record: Any) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def example(topic: str) -> Any:
    return json.loads(json.dumps(schemas.load(topic)["examples"][0]))


@pytest.mark.parametrize("topic", TOPICS)
def test_the_examples_of_a_schema_are_valid(topic: str) -> None:
    schema = schemas.load(topic)
    Draft202012Validator.check_schema(schema)
    assert [reason_checker(topic)(compact(one)) for one in schema["examples"]] == [None] * len(schema["examples"])


@pytest.mark.parametrize("topic", ["reactions", "votes"])
def test_the_examples_are_written_as_gateways_write(topic: str) -> None:
    assert re.search(CANONICAL[topic], compact(example(topic)).decode())


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


@given(
    st.dictionaries(st.sampled_from(["🔥", "👏", "❤️", 'a"b', "\\", "\x01", "x" * 17]), st.integers(-2, 10**10)),
    st.integers(0, 10**14),
    st.text(max_size=70),
)
def test_what_the_pattern_lets_pass_is_valid(counts: dict[str, int], at: int, stream_id: str) -> None:
    value = compact({**example("reactions"), "counts": counts, "at": at, "stream_id": stream_id})
    if re.search(CANONICAL["reactions"], value.decode(errors="replace")):
        assert reason_checker("reactions")(value) is None


@pytest.mark.flink
def test_only_bad_records_come_out_with_their_bytes(env: TableEnvironment, tmp_path: Path) -> None:
    good = example("reactions")
    loose = json.dumps(dict(reversed(good.items())))
    lines = [compact(good), loose.encode(), b"garbage", compact({**good, "at": 1}), b"\xf0\x28\x8c\x28"]
    (tmp_path / "raw").write_bytes(b"\n".join(lines) + b"\n")

    env.execute_sql(f"""
        CREATE TEMPORARY TABLE raw_reactions (
            `value` BYTES, `partition` AS 0, `offset` AS CAST(0 AS BIGINT)
        ) WITH ({bounded_files((tmp_path / "raw").as_uri())}, 'format' = 'raw')""")
    bad = dead_letters.define_bad(env, REACTIONS)

    with env.from_path(bad).execute().collect() as rows:
        found = {bytes(row[0]): row[3] for row in rows}
    assert set(found) == {lines[2], lines[3], lines[4]}
    assert "not JSON" in found[lines[2]]
    assert "$.at" in found[lines[3]]
