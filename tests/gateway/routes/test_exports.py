"""Exports over HTTP, against a real ClickHouse; the test plays the jobs that write it."""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.tables import DATABASE, REACTION_WINDOWS
from gateway.receipts.ulids import Ulids
from ovation.export.export import export_stream
from ovation.export.pages import Wanted
from tests.gateway.api import Api
from tests.gateway.history.engine import clickhouse
from tests.gateway.history.over_http import api, client, url
from tests.gateway.history.rows import put_voter
from tests.gateway.processes import API_KEY

pytestmark = pytest.mark.engine

__all__ = ["api", "clickhouse", "client", "url"]

BEGIN = dt.datetime(2026, 1, 10, 20, 0, 0, tzinfo=dt.UTC)
BEGIN_MS = int(BEGIN.timestamp() * 1000)
COLUMNS = ("stream_id", "window_start", "emoji", "region", "reactions", "version")
Row = dict[str, Any]


def write(client: Any, stream: str, seconds: int, version: int = 2) -> None:
    """Write four windows a second, in two emojis and two regions."""
    rows = [
        (stream, BEGIN + dt.timedelta(seconds=second), emoji, region, version * 10 + second % 7, version)
        for second in range(seconds)
        for emoji in ("🔥", "👏")
        for region in ("eu", "us")
    ]
    client.insert(REACTION_WINDOWS, rows, column_names=COLUMNS, database=DATABASE)


async def get(api: Api, path: str, **query: object) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a good answer."""
    parameters = {name.strip("_"): str(value) for name, value in query.items()}
    headers = {"authorization": f"Bearer {API_KEY}"}
    async with api.session.get(api.url + path, params=parameters, headers=headers) as response:
        body = await response.read()
        assert response.status == 200, body
        return {name.lower(): value for name, value in response.headers.items()}, body


async def pages(api: Api, path: str, **query: object) -> list[bytes]:
    """Follow the links from page to page."""
    headers, body = await get(api, path, **query)
    bodies = [body]
    while "link" in headers:
        address, _, relation = headers["link"].partition(";")
        assert relation == ' rel="next"'
        assert f"cursor={headers['next-cursor']}" in address
        headers, body = await get(api, address.strip("<>"))
        bodies.append(body)
    assert "next-cursor" not in headers
    return bodies


def read(form: str, body: bytes) -> list[Row]:
    match form:
        case "csv":
            return [dict(row) for row in csv.DictReader(io.StringIO(body.decode(), newline=""))]
        case "json":
            return list(json.loads(body)["data"])
        case "ndjson":
            return [json.loads(line) for line in body.splitlines()]
        case "parquet":
            return list(pq.read_table(io.BytesIO(body)).to_pylist())
    return list(pa.ipc.open_stream(body).read_all().to_pylist())


@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "parquet", "arrow"])
async def test_every_row_comes_once_in_every_format(api: Api, client: Any, form: str) -> None:
    stream = await api.stream()
    for version in (1, 2):
        write(client, stream, 25, version)
    path = f"/v1/streams/{stream}/history/exports/reactions"
    headers, whole = await get(api, path, format=form)
    assert headers["content-disposition"] == f'attachment; filename="{stream}.reactions.{form}"'
    assert headers["cache-control"] == "private, no-cache"
    rows = read(form, whole)
    assert len(rows) == 100
    assert [int(row["reactions"]) for row in rows[:8]] == [20] * 4 + [21] * 4, "of two versions the newer"
    first = rows[0]
    assert list(first) == ["stream_id", "window_start", "emoji", "region", "reactions"]
    assert (first["emoji"], first["region"]) == ("👏", "eu")
    expected = BEGIN if form in ("parquet", "arrow") else "2026-01-10T20:00:00.000Z"
    assert first["window_start"] == expected
    for limit in (1, 33, 50, 100, 101):
        parts = await pages(api, path, format=form, limit=limit)
        assert len(parts) == -(-100 // limit)
        assert [row for part in parts for row in read(form, part)] == rows


async def test_a_span(api: Api, client: Any) -> None:
    stream = await api.stream()
    write(client, stream, 10)
    path = f"/v1/streams/{stream}/history/exports/reactions"
    parts = await pages(api, path, format="ndjson", limit=5, from_=BEGIN_MS + 3_000, to=BEGIN_MS + 6_000)
    assert [len(read("ndjson", part)) for part in parts] == [5, 5, 2]
    starts = {row["window_start"] for part in parts for row in read("ndjson", part)}
    assert starts == {f"2026-01-10T20:00:0{second}.000Z" for second in (3, 4, 5)}
    assert (await get(api, path, format="ndjson", from_=BEGIN_MS + 99_000))[1] == b""


async def test_a_page_that_is_asked_for_again_is_the_same(api: Api, client: Any) -> None:
    stream = await api.stream()
    write(client, stream, 10)
    path = f"/v1/streams/{stream}/history/exports/reactions"
    first = await get(api, path, format="ndjson", limit=7)
    second = await get(api, path, format="ndjson", limit=7, cursor=first[0]["next-cursor"])
    # What comes late before the cursor changes no page behind it.
    late = (stream, BEGIN, "😂", "eu", 1, 1)
    client.insert(REACTION_WINDOWS, [late], column_names=COLUMNS, database=DATABASE)
    again = await get(api, path, format="ndjson", limit=7, cursor=first[0]["next-cursor"])
    assert (second[1], second[0]["next-cursor"]) == (again[1], again[0]["next-cursor"])


async def test_votes_without_voters(api: Api, client: Any) -> None:
    stream = await api.stream()
    ulids = Ulids()
    voters = [f"{number * 7919 % 100:02}-hash-of-a-voter" for number in range(30)]
    for poll in ("a", "b"):
        for number, voter in enumerate(voters):
            at_ms = BEGIN_MS + number * 1000
            counted = number % 3 != 0
            put_voter(
                client, stream, poll, voter,
                at_ms=at_ms,
                outcome="counted" if counted else "late",
                choices=["1", "3"] if counted else [],
                receipt=ulids.new(at_ms + 5) if counted else "",
            )  # fmt: skip
    path = f"/v1/streams/{stream}/history/exports/votes"
    headers, whole = await get(api, path, format="ndjson")
    rows = read("ndjson", whole)
    assert len(rows) == 60
    assert [row["poll_id"] for row in rows] == ["a"] * 30 + ["b"] * 30
    counted_row = {
        "stream_id": stream,
        "poll_id": "a",
        "choices": ["1", "3"],
        "outcome": "counted",
        "first_voted_at": "2026-01-10T20:00:01.000Z",
        "counted_at": "2026-01-10T20:00:01.005Z",
    }
    late_row: Row = {
        "stream_id": stream,
        "poll_id": "b",
        "choices": [],
        "outcome": "late",
        "first_voted_at": "2026-01-10T20:00:03.000Z",
        "counted_at": None,
    }
    assert counted_row in rows and late_row in rows
    parts = await pages(api, path, format="ndjson", limit=17)
    assert [row for part in parts for row in read("ndjson", part)] == rows
    headers, _ = await get(api, path, format="ndjson", limit=1)
    for secret in (b"hash-of-a-voter", b"voter"):
        assert secret not in whole
        assert secret.decode() not in headers["next-cursor"] + headers["link"]


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet", "arrow"])
async def test_the_command_makes_one_file_of_the_pages(api: Api, client: Any, form: str, tmp_path: Path) -> None:
    stream = await api.stream()
    write(client, stream, 25)
    _, whole = await get(api, f"/v1/streams/{stream}/history/exports/reactions", format=form)
    wanted = Wanted(stream, "reactions", form, {}, 30)
    path = tmp_path / "rows"
    assert await export_stream(api.url, API_KEY, wanted, path, False, lambda *_: None) == 100
    assert read(form, path.read_bytes()) == read(form, whole)


async def test_bad_questions(api: Api, client: Any) -> None:
    stream, other = await api.stream(), await api.stream()
    write(client, stream, 10)

    async def problem(query: str, what: str = "reactions", stream: str = stream, **options: Any) -> tuple[str, str]:
        answer = await api.call("GET", f"/v1/streams/{stream}/history/exports/{what}?{query}", **options)
        return answer.problem, answer.body.get("field", "")

    for query in ("format=xml", "format=", "format=CSV"):
        assert await problem(query) == ("invalid-field", "format")
    for query in ("limit=0", "limit=5000001", "limit=x", "limit=-1"):
        assert await problem(query) == ("invalid-field", "limit")
    assert await problem("from=x") == ("invalid-field", "from")
    assert await problem("from=2&to=2") == ("reversed-span", "to")
    headers, _ = await get(api, f"/v1/streams/{stream}/history/exports/reactions", limit=3)
    cursor = headers["next-cursor"]
    # One sign changed, cut, made up, hostile, of another stream, of another table.
    for bad in (
        ("A" if cursor[0] != "A" else "B") + cursor[1:],
        cursor[:-4],
        "",
        "AAAA",
        "x" * 9_999,
        "1%27%20OR%201",
        "%C3%A9",
    ):
        assert await problem(f"cursor={bad}") == ("invalid-field", "cursor"), bad
    assert await problem(f"cursor={cursor}", stream=other) == ("invalid-field", "cursor")
    assert await problem(f"cursor={cursor}", what="votes") == ("invalid-field", "cursor")
    assert await problem("", stream="none") == ("unknown-stream", "")
    token = await api.token(stream)
    assert await problem("", token=token) == ("bad-api-key", "")
    key = (await api.call("POST", "/v1/keys", {"name": "polls only", "scopes": ["polls"]})).body["key"]
    assert await problem("", token=key) == ("missing-scope", "read")
