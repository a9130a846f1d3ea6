"""Exports that are larger than anything in the gateway: what they hold, how they fail, and who may have one."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from confluent_kafka import Producer

from gateway.control import model
from gateway.history.exports import AT_ONCE
from local.clickhouse.users import READER
from ovation.seed.seed import seed_history
from tests.gateway import records
from tests.gateway.api import Api
from tests.gateway.history.engine import clickhouse
from tests.gateway.history.over_http import client
from tests.gateway.processes import API_KEY, Process, gateway
from tests.sql.server import Server

pytestmark = pytest.mark.engine

__all__ = ["clickhouse", "client"]

ROWS = 3_000_000
SEASON = "season"
PATH = f"/v1/streams/{SEASON}/history/exports/reactions"
BOUND_MB = {"gateway": 30, "engine": 300}
"""What a process may grow by. All rows as NDJSON are half a gigabyte, and none of them is held twice."""


@pytest.fixture(scope="module")
def process(clickhouse: Server, bootstrap: str, redis_url: str, folder: Path) -> Iterator[tuple[Process, str]]:
    process, url = gateway(bootstrap, redis_url, folder, clickhouse_url=clickhouse.url, clickhouse_user=READER)
    process.start()
    yield process, url
    assert process.stop() == 0


@pytest.fixture
async def api(process: tuple[Process, str], session: aiohttp.ClientSession, bootstrap: str) -> Api:
    api = Api(session, process[1])
    ended = records.stream(stream_id=SEASON, status="ended", ended_at=records.AT + 60_000)
    if (await api.call("GET", f"/v1/streams/{SEASON}")).status != 200:
        await asyncio.to_thread(announce, bootstrap, ended)
        await api.until_known(SEASON)
    return api


@pytest.fixture(scope="module")
def season(clickhouse: Server) -> int:
    """Make a stream of a whole season's windows: each stream of the season is a region of this one."""
    client = clickhouse.client()
    seed_history(client, ROWS, 1, dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    client.command(
        "INSERT INTO ovation.reaction_windows (stream_id, window_start, emoji, region, reactions, version) "
        f"SELECT '{SEASON}', window_start, emoji, stream_id, reactions, version FROM ovation.reaction_windows"
    )
    taps = client.command(f"SELECT sum(reactions) FROM ovation.reactions WHERE stream_id = '{SEASON}'")
    client.close()
    return int(taps)


def announce(bootstrap: str, record: model.Record) -> None:
    producer = Producer({"bootstrap.servers": bootstrap})
    producer.produce("control", model.encode(record), record.key.encode())
    assert producer.flush(10) == 0


@asynccontextmanager
async def asked(api: Api, **query: object) -> AsyncIterator[aiohttp.ClientResponse]:
    parameters = {name: str(value) for name, value in query.items()}
    headers = {"authorization": f"Bearer {API_KEY}"}
    async with api.session.get(api.url + PATH, params=parameters, headers=headers) as response:
        yield response


class Peaks:
    """How much memory two processes hold at most, from now on."""

    def __init__(self, pids: dict[str, int]) -> None:
        self._pids = pids
        for pid in pids.values():
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        self._before = self._now()

    def grown(self) -> dict[str, int]:
        return {name: mb - self._before[name] for name, mb in self._now().items()}

    def _now(self) -> dict[str, int]:
        return {name: _peak_mb(pid) for name, pid in self._pids.items()}


def _peak_mb(pid: int) -> int:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) // 1024


@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "parquet", "arrow"])
async def test_memory_is_bounded_however_many_rows_there_are(
    api: Api, process: tuple[Process, str], clickhouse: Server, season: int, tmp_path: Path, form: str
) -> None:
    assert process[0].popen is not None
    async with asked(api, format=form, limit=1_000) as response:
        await response.read()
    peaks = Peaks({"gateway": process[0].popen.pid, "engine": clickhouse.process.pid})
    path = tmp_path / "rows"
    lines = 0
    async with asked(api, format=form, limit=ROWS) as response:
        assert response.status == 200
        assert "link" not in response.headers
        with path.open("wb") as file:
            async for part in response.content.iter_chunked(1 << 20):
                lines += part.count(b"\n")
                file.write(part)
    grown = peaks.grown()
    print(f"{form}: {path.stat().st_size >> 20} MB, grown by {grown}")
    if form in ("parquet", "arrow"):
        table = pq.read_table(path) if form == "parquet" else pa.ipc.open_stream(path.read_bytes()).read_all()
        assert (table.num_rows, sum(table["reactions"].to_pylist())) == (ROWS, season)
    elif form != "json":
        assert lines == ROWS + (form == "csv")
    assert all(mb < BOUND_MB[name] for name, mb in grown.items()), grown


async def test_who_reads_slowly_slows_clickhouse_down(
    api: Api, process: tuple[Process, str], clickhouse: Server, season: int
) -> None:
    assert process[0].popen is not None
    peaks = Peaks({"gateway": process[0].popen.pid, "engine": clickhouse.process.pid})
    async with asked(api, format="ndjson", limit=ROWS) as response:
        size = 0
        for _ in range(100):
            size += len(await response.content.readany())
            await asyncio.sleep(0.01)
        assert size < 100_000_000
        assert all(mb < BOUND_MB[name] for name, mb in peaks.grown().items())


async def test_is_broken_off_and_not_ended_where_clickhouse_fails(api: Api, client: Any, season: int) -> None:
    with pytest.raises(aiohttp.ClientPayloadError):
        async with asked(api, format="csv", limit=ROWS) as response:
            await response.content.readany()
            client.command("KILL QUERY WHERE query LIKE '%OUTFILE%' AND query_id != queryID()")
            await response.read()


async def test_what_was_read_goes_on_from_its_cursor(api: Api, client: Any, season: int) -> None:
    rows = 0
    cursor: dict[str, str] = {}
    broken = False
    while True:
        try:
            async with asked(api, format="ndjson", limit=ROWS // 7, **cursor) as response:
                if rows and not broken:
                    client.command("KILL QUERY WHERE query LIKE '%OUTFILE%' AND query_id != queryID()")
                body = await response.read()
        except aiohttp.ClientPayloadError:
            broken = True
            continue
        rows += body.count(b"\n")
        if "next-cursor" not in response.headers:
            break
        cursor = {"cursor": response.headers["next-cursor"]}
    assert (rows, broken) == (ROWS, True)


async def test_few_go_on_at_once(api: Api, season: int) -> None:
    async with asked(api, limit=ROWS), asked(api, limit=ROWS), asked(api, limit=ROWS), asked(api, limit=ROWS):
        assert AT_ONCE == 4
        refused = await api.call("GET", PATH)
        assert (refused.status, refused.problem) == (503, "too-much-waiting")
    async with asyncio.timeout(10):
        while (await api.call("GET", f"{PATH}?limit=1")).status != 200:  # noqa: ASYNC110 - until their ends are noticed
            await asyncio.sleep(0.02)


async def test_pages_of_a_stream_that_is_over_are_kept(api: Api, season: int) -> None:
    first = await api.call("GET", f"{PATH}?limit=10&format=csv")
    assert first.headers["cache-control"] == "private, max-age=86400"
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    again = await api.call("GET", f"{PATH}?limit=10&format=csv", headers={"if-none-match": tag})
    assert (again.status, again.body) == (304, "")
    for other in ("limit=11&format=csv", "limit=10&format=json", f"limit=10&format=csv&from={records.AT}"):
        assert (await api.call("GET", f"{PATH}?{other}", headers={"if-none-match": tag})).status == 200, other


async def test_a_poll_that_is_not_final_keeps_votes_from_being_kept(api: Api, bootstrap: str) -> None:
    stream = "over-with-a-poll"
    await asyncio.to_thread(
        announce, bootstrap, records.stream(stream_id=stream, status="ended", ended_at=records.AT + 60_000)
    )
    await api.until_known(stream)
    path = f"/v1/streams/{stream}/history/exports/votes"
    settled = await api.call("GET", path)
    assert settled.headers["cache-control"] == "private, max-age=86400"
    await asyncio.to_thread(announce, bootstrap, records.poll(stream_id=stream, status="closed", closed_at=records.AT))
    await api.until_known(stream, "best")
    answer = await api.call("GET", path, headers={"if-none-match": settled.headers["etag"]})
    assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-cache")
    assert "etag" not in answer.headers
