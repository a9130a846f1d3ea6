import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from gateway.history.client import TIMEOUT_S, History
from gateway.refusal import Refused
from local.ports import free_ports
from tests.sql.server import Server

pytestmark = pytest.mark.engine


@pytest.fixture
async def history(clickhouse: Server) -> AsyncIterator[History]:
    history = History(clickhouse.url, "default", "")
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
