import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from gateway.history.client import LONG_S, TIMEOUT_S, History
from gateway.history.limits import MAX_ROWS
from gateway.refusal import Refused
from local.clickhouse.users import READER
from local.ports import free_ports
from tests.sql.server import Server

pytestmark = pytest.mark.engine


@pytest.fixture(params=["default", READER])
async def history(clickhouse: Server, request: pytest.FixtureRequest) -> AsyncIterator[History]:
    history = History(clickhouse.url, request.param, "")
    yield history
    await history.close()


async def test_parameters_are_values_and_never_text(history: History) -> None:
    text = "'; DROP TABLE ovation.ballots; --"
    assert list(await history.rows("SELECT {text:String}, 1", {"text": text})) == [(text, 1)]
    assert list(await history.rows("SELECT 1 WHERE 0", {})) == []


async def test_many_ask_at_once_over_one_client(history: History) -> None:
    answers = await asyncio.gather(*(history.rows("SELECT {n:UInt32}", {"n": n}) for n in range(20)))
    assert [rows[0][0] for rows in answers] == list(range(20))


async def test_a_long_answer_comes_in_parts(history: History) -> None:
    sizes, total = [], 0
    async for block in history.blocks("SELECT number FROM numbers({n:UInt64})", {"n": 300_000}):
        sizes.append(len(block))
        total += sum(row[0] for row in block)
    assert total == 300_000 * 299_999 // 2
    assert len(sizes) > 1
    assert max(sizes) < 100_000


async def test_a_wrong_query_is_no_reason_to_fail_the_next(history: History) -> None:
    with pytest.raises(Refused):
        await history.rows("SELECT nonsense FROM nowhere", {})
    assert list(await history.rows("SELECT 1", {})) == [(1,)]


async def document(history: History, query: str, form: str = "TSV", max_rows: int = 0) -> bytes:
    return b"".join([part async for part in history.document(query, {}, form, {}, max_rows)])


SETTINGS = """
SELECT getSetting('readonly'), getSetting('max_execution_time'), getSetting('max_result_rows'),
    getSetting('max_rows_to_read') > 0, getSetting('max_memory_usage') > 0
"""


async def test_every_query_carries_limits(history: History) -> None:
    assert list(await history.rows(SETTINGS, {})) == [(2, pytest.approx(0.9 * TIMEOUT_S), MAX_ROWS, True, True)]
    long_s = pytest.approx(0.9 * LONG_S)
    [[row]] = [block async for block in history.blocks(SETTINGS, {})]
    assert row == (2, long_s, 0, True, True)
    assert (await document(history, SETTINGS, max_rows=7)).split() == [b"2", b"540", b"7", b"1", b"1"]


async def test_a_limit_that_is_met_is_called_one(history: History) -> None:
    for query in (
        f"SELECT number FROM numbers({MAX_ROWS + 100_000})",
        "SELECT count() FROM numbers(6000000000) WHERE sipHash64(number) = 1",
        "SELECT groupArray(repeat('x', 1000)) FROM numbers(5000000)",
    ):
        with pytest.raises(Refused) as refused:
            await history.rows(query, {})
        assert refused.value.problem.name == "history-limit", query
    with pytest.raises(Refused) as refused:
        await document(history, "SELECT number FROM numbers(8)", max_rows=7)
    assert refused.value.problem.name == "history-limit"


async def test_clickhouse_gives_up_before_its_caller_does(clickhouse: Server) -> None:
    history = History(clickhouse.url, READER, "", timeout_s=5)
    try:
        with pytest.raises(Refused) as refused:
            await history.rows("SELECT sleepEachRow(0.05) FROM numbers(200) SETTINGS max_block_size = 1", {})
        assert refused.value.problem.name == "history-limit"
    finally:
        await history.close()


async def test_no_question_can_change_anything(history: History) -> None:
    for query in ("INSERT INTO ovation.polls (stream_id) VALUES ('x')", "DROP TABLE ovation.polls", "SET readonly = 0"):
        with pytest.raises(Refused):
            await history.rows(query, {})
    assert list(await history.rows("SELECT count() FROM ovation.polls", {})) == [(0,)]


async def test_a_document_is_passed_on_as_it_is_written(history: History) -> None:
    assert await document(history, "SELECT 1 AS a, 'x' AS b", "CSVWithNames") == b'"a","b"\n1,"x"\n'
    long = await document(history, "SELECT number FROM numbers(1000000)")
    assert long == b"".join(b"%d\n" % number for number in range(1_000_000))


async def test_what_a_server_writes_behind_a_document_that_failed_is_not_taken_for_its_end() -> None:
    """ClickHouse 25.11 and later write it so, and may then end the answer properly."""
    failure = b"1\n2\n\r\n__exception__\r\nabcdefghijklmnop\r\nCode: 241. DB::Exception: Too much.\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := (await reader.readuntil(b"\r\n\r\n")).lower():
            length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
            query = await reader.readexactly(length)
            if b"system.settings" in query:
                body = b""
            elif b"version()" in query:
                body = b"26.8.1.1\tUTC\n"
            else:
                body = failure
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    history = History(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "default", "")
    got = b""
    with pytest.raises(Refused) as refused:
        async for part in history.document("SELECT 1", {}, "TSV", {}, 10):
            got += part
    assert (got[:4], refused.value.problem.name) == (b"1\n2\n", "history-unreachable")
    await history.close()
    server.close()


async def refusal(history: History) -> str:
    with pytest.raises(Refused) as refused:
        await history.rows("SELECT 1", {})
    return refused.value.problem.name


async def test_nobody_at_the_address() -> None:
    history = History(f"http://127.0.0.1:{free_ports(1)[0]}", "default", "")
    assert await refusal(history) == "history-unreachable"
    with pytest.raises(Refused):
        async for _ in history.blocks("SELECT 1", {}):
            pass
    await history.close()


async def test_who_never_answers_is_waited_for_no_longer_than_said() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    history = History(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "default", "")
    started = time.monotonic()
    # Those that wait for the connection wait no longer than who makes it.
    problems = await asyncio.gather(*(refusal(history) for _ in range(3)))
    assert set(problems) == {"history-unreachable"}
    assert time.monotonic() - started < TIMEOUT_S + 1
    await history.close()
    server.close()


async def test_an_answer_that_breaks_off_is_refused(clickhouse: Server) -> None:
    """A relay that lets the head of an answer through, and then nothing."""
    left = 3_000_000

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal left
        there, back = await asyncio.open_connection("127.0.0.1", clickhouse.port)

        async def forward() -> None:
            while data := await reader.read(65_536):
                back.write(data)

        task = asyncio.create_task(forward())
        while left > 0 and (data := await there.read(65_536)):
            left -= len(data)
            writer.write(data)
        task.cancel()
        back.close()
        writer.close()

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    history = History(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "default", "")
    got = 0
    with pytest.raises(Refused) as refused:
        async for block in history.blocks("SELECT rand64() FROM numbers(1000000)", {}):
            got += len(block)
    assert refused.value.problem.name == "history-unreachable"
    assert 0 < got < 1_000_000
    await history.close()
    server.close()
