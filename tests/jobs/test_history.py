import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import clickhouse_connect
import pandas as pd
import pytest

from contracts import schemas, tables
from jobs.history import POLL_SCHEMA, STREAM_SCHEMA, ControlWriter, Kind
from jobs.settings import JobSettings

START = 1_763_800_000_000
STREAM, POLL, _, _, API_KEY = schemas.load("control")["examples"]
pytestmark = pytest.mark.engine


def write(clickhouse: str, kind: Kind, *records: Any) -> None:
    writer = ControlWriter(kind, JobSettings(clickhouse_url=clickhouse))
    writer.open(None)
    values = [one if one is None or isinstance(one, bytes) else json.dumps(one).encode() for one in records]
    assert writer.eval(pd.Series(values, dtype=object)).tolist() == [True] * len(records)
    writer.close()


@pytest.fixture
def client(clickhouse: str) -> Iterator[Any]:
    with closing(clickhouse_connect.get_client(dsn=clickhouse, autogenerate_session_id=False)) as client:
        for table in (tables.POLLS, tables.STREAMS):
            client.command(f"TRUNCATE TABLE ovation.{table}")
        yield client


def test_the_columns_are_the_contracts() -> None:
    assert tuple(STREAM_SCHEMA.names) == tables.STREAMS_COLUMNS
    assert tuple(POLL_SCHEMA.names) == tables.POLLS_COLUMNS


def test_a_polls_rules_are_kept_and_its_salt_is_not(clickhouse: str, client: Any) -> None:
    rules: dict[str, Any] = {
        "max_choices": 2,
        "allow_change": True,
        "allow_withdraw": True,
        "results": "after_close",
        "correct": ["2"],
        "eligibility": {"tier": ["Gold", 1, True]},
        "opens_at": START,
        "closes_at": START + 60_000,
        "status": "scheduled",
        "revision": 7,
    }
    write(clickhouse, "poll", {**POLL, **rules})
    [row] = client.query("SELECT * FROM ovation.polls FINAL").named_results()
    kept = {name: value.timestamp() * 1000 if isinstance(value, datetime) else value for name, value in row.items()}
    kept["eligibility"] = json.loads(row["eligibility"])
    assert {name: kept.get(name, "not a column") for name in rules} == {**rules, "revision": "not a column"}
    assert (row["version"], row["option_texts"], row["final_at"]) == (7, ["Ana", "Bo"], None)
    assert POLL["voter_salt"] not in str(row)


def test_the_largest_revision_stands_whenever_it_comes(clickhouse: str, client: Any) -> None:
    write(clickhouse, "poll", {**POLL, "revision": 3, "question": "third"})
    write(clickhouse, "poll", {**POLL, "revision": 2, "question": "second", "at": POLL["at"] + 9_000})
    write(clickhouse, "stream", {**STREAM, "revision": 2, "title": "second"}, {**STREAM, "title": "first"})
    assert client.command("SELECT question FROM ovation.polls FINAL") == "third"
    assert client.command("SELECT title FROM ovation.streams FINAL") == "second"


def test_of_one_revision_the_repair_stands(clickhouse: str, client: Any) -> None:
    first, loser = ({**POLL, "revision": 2, "question": text} for text in ("first", "loser"))
    write(clickhouse, "poll", first, loser, first)
    assert client.command("SELECT question FROM ovation.polls FINAL") == "first"


def test_keys_tombstones_and_what_cannot_be_read_pass_by(clickhouse: str, client: Any) -> None:
    for kind in ("stream", "poll"):
        write(clickhouse, kind, API_KEY, None, b"garbage", {**POLL, "revision": 0}, STREAM, POLL)
    for table in (tables.STREAMS, tables.POLLS):
        assert client.command(f"SELECT count() FROM ovation.{table}") == 1
