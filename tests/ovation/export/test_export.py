"""Exports over HTTP from a stand-in that pages as a gateway does, and breaks off when a test wants it to."""

import csv
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from aiohttp import web

from ovation.client.errors import ProblemError
from ovation.errors import OvationError
from ovation.export.export import export_stream
from ovation.export.pages import Wanted
from tests.ovation.client.gateway_stand_in import gateway

ROWS = [{"n": number, "text": f"row {number}"} for number in range(25)]
SCHEMA = pa.schema({"n": pa.int64(), "text": pa.string()})


def document(form: str, rows: Sequence[dict[str, Any]]) -> bytes:
    match form:
        case "csv":
            return b'"n","text"\n' + b"".join(b'%d,"%s"\n' % (row["n"], row["text"].encode()) for row in rows)
        case "ndjson":
            return b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pylist(list(rows), SCHEMA)
    if form == "parquet":
        pq.write_table(table, sink)
    else:
        with pa.ipc.new_stream(sink, SCHEMA) as writer:
            writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


class Source:
    """The stand-in. Of what it is asked at `breaks`, counted from 0, half arrives."""

    def __init__(self, breaks: Sequence[int] = (), refuse_from: int = 999) -> None:
        self.asked: list[str] = []
        self.url = ""
        self._breaks = breaks
        self._refuse_from = refuse_from

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Authorization"] == "Bearer key"
        number, start = len(self.asked), int(request.query.get("cursor", "0"))
        self.asked.append(request.query.get("cursor", "0"))
        if number >= self._refuse_from:
            problem = {"type": "/problems/bad-api-key", "title": "No", "status": 401, "detail": "No."}
            return web.json_response(problem, status=401)
        end = start + int(request.query["limit"])
        body = document(request.query["format"], ROWS[start:end])
        response = web.StreamResponse(headers={"Next-Cursor": str(end)} if end < len(ROWS) else {})
        response.enable_chunked_encoding()
        await response.prepare(request)
        if number in self._breaks:
            await response.write(body[: len(body) // 2])
            assert request.transport is not None
            request.transport.close()
        else:
            await response.write(body)
        return response


@asynccontextmanager
async def serving(source: Source) -> AsyncIterator[Source]:
    async with gateway("/v1/streams/cup/history/exports/reactions", source.answer) as server:
        source.url = str(server.make_url(""))
        yield source


async def export(source: Source, path: Path, form: str, page_rows: int = 10, resume: bool = False) -> int:
    seen = [(0, 0)]
    rows = await export_stream(
        source.url,
        "key",
        Wanted("cup", "reactions", form, {}, page_rows),
        path,
        resume,
        lambda *now: seen.append(now),
    )
    assert seen == sorted(seen)
    assert seen[-1][0] == rows
    return rows


def read(form: str, path: Path) -> list[dict[str, Any]]:
    match form:
        case "csv":
            with path.open(newline="") as file:
                return [{"n": int(row["n"]), "text": row["text"]} for row in csv.DictReader(file)]
        case "ndjson":
            return [json.loads(line) for line in path.read_text().splitlines()]
        case "parquet":
            return list(pq.read_table(path).to_pylist())
    return list(pa.ipc.open_stream(path.read_bytes()).read_all().to_pylist())


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet", "arrow"])
@pytest.mark.parametrize("breaks", [(), (0, 2)])
async def test_pages_become_one_file_with_every_row_once(tmp_path: Path, form: str, breaks: tuple[int, ...]) -> None:
    path = tmp_path / "rows"
    async with serving(Source(breaks)) as source:
        assert await export(source, path, form) == 25
    assert read(form, path) == ROWS
    assert files(tmp_path) == ["rows"]
    assert source.asked == (["0", "10", "20"] if not breaks else ["0", "0", "10", "10", "20"])


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet", "arrow"])
async def test_nothing_is_a_file_too(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.ovation.export.test_export.ROWS", [])
    path = tmp_path / "rows"
    async with serving(Source()) as source:
        assert await export(source, path, form) == 0
    assert read(form, path) == []


@pytest.mark.parametrize("form", ["csv", "ndjson"])
async def test_what_was_begun_goes_on_from_its_last_page(tmp_path: Path, form: str) -> None:
    path = tmp_path / "rows"
    async with serving(Source(refuse_from=2)) as source:
        with pytest.raises(ProblemError):
            await export(source, path, form)
    assert files(tmp_path) == ["rows.part", "rows.part.json"]
    # As if it had been killed in the middle of the third page.
    with (tmp_path / "rows.part").open("ab") as file:
        file.write(b"half a r")
    async with serving(Source()) as source:
        assert await export(source, path, form, resume=True) == 25
    assert source.asked == ["20"]
    assert read(form, path) == ROWS
    assert files(tmp_path) == ["rows"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
async def test_a_failure_leaves_the_file_that_was_there(tmp_path: Path, form: str) -> None:
    path = tmp_path / "rows"
    path.write_text("the old one")
    async with serving(Source(refuse_from=1)) as source:
        with pytest.raises(ProblemError):
            await export(source, path, form)
    assert path.read_text() == "the old one"


async def test_only_the_same_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    async with serving(Source(refuse_from=1)) as source:
        with pytest.raises(OvationError, match="nothing to resume"):
            await export(source, path, "csv", resume=True)
        with pytest.raises(ProblemError):
            await export(source, path, "csv")
        with pytest.raises(OvationError, match="of another export"):
            await export(source, path, "ndjson", resume=True)
        (tmp_path / "rows.part").write_bytes(b"short")
        with pytest.raises(OvationError, match="shorter than it was"):
            await export(source, path, "csv", resume=True)


async def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    async with serving(Source()) as source:
        with pytest.raises(OvationError, match="cannot be written: No such file"):
            await export(source, tmp_path / "none" / "rows", "csv")
