"""Past records into the real engine by the real Flink: the numbers of an independent count, and no others."""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import clickhouse_connect
import pytest
from typer.testing import CliRunner

from contracts.choices import unpack
from contracts.windows import window_start
from ovation.cli import app
from ovation.migrations import migrate
from tests.jobs.votes import START, Ballot, batches, count, crowd, vote
from tests.sql.server import MIGRATIONS, running

HOUR = START - START % 3_600_000
TABLES = ("reaction_windows", "reaction_minutes", "reaction_hours", "ballots")
pytestmark = [pytest.mark.flink, pytest.mark.engine, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def without_a_worker_s_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the jobs' own tests Flink's Python workers run in this process; a child would inherit the mark they leave."""
    monkeypatch.delenv("PYFLINK_GATEWAY_DISABLED", raising=False)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        yield server.url


@pytest.fixture
def client(url: str) -> Iterator[Any]:
    with closing(clickhouse_connect.get_client(dsn=url, autogenerate_session_id=False)) as client:
        for table in TABLES:
            client.command(f"TRUNCATE TABLE ovation.{table}")
        yield client


def taps(seed: int) -> list[dict[str, Any]]:
    """Taps of three streams over three hours, in no order."""
    choose = random.Random(seed)
    return [
        {
            "v": 1,
            "stream_id": choose.choice(["a", "b", "c"]),
            "region": choose.choice(["eu", "us"]),
            "edge": "gw-1",
            "at": HOUR + choose.randrange(600) * 18_000 + choose.randrange(1_000),
            "counts": {
                emoji: choose.randint(1, 50) for emoji in choose.sample(["🔥", "👏", "❤️"], choose.randint(1, 3))
            },
        }
        for _ in range(3_000)
    ]


def backfill(url: str, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["backfill", *words], env={"COLUMNS": "200", "OVATION_CLICKHOUSE_URL": url})
    return result.exit_code, result.output


def sums(client: Any, view: str, start: str) -> dict[tuple[str, int, str, str], int]:
    rows = client.query(
        f"SELECT stream_id, toUnixTimestamp({start}) * 1000, emoji, region, reactions FROM ovation.{view}"
    ).result_rows
    assert len(rows) == len({row[:4] for row in rows})
    return {row[:4]: row[4] for row in rows}


def counted(records: list[dict[str, Any]], length_ms: int) -> dict[tuple[str, int, str, str], int]:
    found: Counter[tuple[str, int, str, str]] = Counter()
    for record in records:
        assert window_start(record["at"]) % 1_000 == 0
        for emoji, number in record["counts"].items():
            found[record["stream_id"], record["at"] // length_ms * length_ms, emoji, record["region"]] += number
    return dict(found)


def stored_ballots(client: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    columns = "poll_id, voter, choices, receipt, attempts, replaced, duplicate, late, invalid, ineligible"
    return {row[:2]: row[2:] for row in client.query(f"SELECT {columns} FROM ovation.votes").result_rows}


def expected(ballot: Ballot) -> tuple[Any, ...]:
    standing = ballot.standing
    numbers = (ballot.numbers[name] for name in ("replaced", "duplicate", "late", "invalid", "ineligible"))
    chosen = unpack(standing["choices"]) if standing else []
    return (chosen, standing["receipt"] if standing else "", ballot.received, *numbers)


def everything(client: Any) -> dict[str, list[Any]]:
    return {table: client.query(f"SELECT * FROM ovation.{table} FINAL ORDER BY ALL").result_rows for table in TABLES}


def test_files_give_the_numbers_of_an_independent_count_in_any_order_and_twice(
    url: str, client: Any, tmp_path: Path
) -> None:
    records, votes = taps(seed=5), crowd(seed=6, attempts=3_000)
    lines = [json.dumps(record, ensure_ascii=False) for record in [*records, *batches(votes)]]
    lines.insert(1_000, "not json")
    past = tmp_path / "past.ndjson"
    past.write_text("\n".join(lines), encoding="utf-8")

    code, text = backfill(url, str(past))
    assert code == 0, text
    for view, start, length in (
        ("reactions", "window_start", 1_000),
        ("reactions_by_minute", "minute_start", 60_000),
        ("reactions_by_hour", "hour_start", 3_600_000),
    ):
        assert sums(client, view, start) == counted(records, length), view
    assert stored_ballots(client) == {key: expected(ballot) for key, ballot in count(votes).items()}
    total = sum(sum(record["counts"].values()) for record in records)
    assert f"{past}, line 1001: not JSON" in text
    assert f"windows of {total:,} taps written; ClickHouse holds exactly these." in text
    assert f"ballots of {len(votes):,} votes written; ClickHouse holds exactly these." in text
    first = everything(client)

    # In another order, in two files of which one is packed: some rows are there, and others are not any more.
    for table in TABLES:
        gone = "poll_id > 'l'" if table == "ballots" else "stream_id > 'a'"
        client.command(f"ALTER TABLE ovation.{table} DELETE WHERE {gone}", settings={"mutations_sync": 2})
    assert all(0 < len(rows) < len(first[table]) for table, rows in everything(client).items())
    random.Random(7).shuffle(lines)
    one, two = tmp_path / "_one.ndjson", tmp_path / ".two.gz"
    one.write_text("\r\n".join(lines[:2_000]), encoding="utf-8")
    two.write_bytes(gzip.compress("\n".join(lines[2_000:]).encode()))
    code, text = backfill(url, str(one), str(two))
    assert code == 0, text
    assert everything(client) == first


def test_a_span_of_a_file_is_whole_hours_and_makes_nothing_smaller(url: str, client: Any, tmp_path: Path) -> None:
    records = taps(seed=8)
    part = [record for record in records if record["at"] % 2]
    past, less = tmp_path / "past.ndjson", tmp_path / "less.ndjson"
    # A vote of another day, too, which is then not counted.
    past.write_text(
        "\n".join(map(json.dumps, [*records, *batches([vote(1, 1, 1, at=START - 86_400_000)])])), encoding="utf-8"
    )
    less.write_text("\n".join(map(json.dumps, part)), encoding="utf-8")
    span = ("--from", "2025-11-22T09:30", "--to", "2025-11-22T09:31")

    code, text = backfill(url, str(past), *span)
    assert code == 0, text
    inside = [record for record in records if 0 <= record["at"] - HOUR - 3_600_000 < 3_600_000]
    whole = counted(inside, 1_000)
    assert sums(client, "reactions", "window_start") == whole
    assert sums(client, "reactions_by_hour", "hour_start") == counted(inside, 3_600_000)
    assert "Counted: 2025-11-22 09:00 to 2025-11-22 10:00 UTC." in text
    assert "votes: nothing was taken then." in text

    code, text = backfill(url, str(less), "--only", "reactions", *span)
    assert code == 0, text
    assert sums(client, "reactions", "window_start") == whole
    assert "ClickHouse holds more of the same hours, and keeps it" in text


def test_a_run_that_fails_says_why_and_keeps_its_log(url: str, tmp_path: Path) -> None:
    past = tmp_path / "past.ndjson"
    past.write_text(json.dumps(taps(seed=9)[0]), encoding="utf-8")
    result = CliRunner().invoke(
        app,
        ["backfill", str(past)],
        env={"COLUMNS": "200", "OVATION_CLICKHOUSE_URL": url, "OVATION_PARALLELISM": "none"},
    )
    assert result.exit_code == 1
    found = re.search(r"reaction_window failed: .* Its log is kept in (\S+)\.\n", result.output)
    assert found, result.output
    assert "parallelism" in Path(found[1]).read_text(encoding="utf-8")
    Path(found[1]).unlink()
