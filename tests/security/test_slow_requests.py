"""Requests that never come whole, by the hundred (tests/gateway/hot/test_incoming.py has each kind)."""

import asyncio

from tests.gateway.api import Api
from tests.security.attacker import Connection, connection, memory_kib
from tests.security.conftest import SLOW_REQUEST_S

SLOW = 200


async def test_slow_heads_and_bodies_end_with_408_and_delay_nobody(api: Api, pid: int) -> None:
    stream = await api.stream()
    token = await api.token(stream)
    heads = (
        b"GET /livez HTTP/1.1\r\nhost: x\r\n",
        f"POST /v1/streams/{stream}/reactions HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n".encode(),
        (
            f"POST /v1/streams/{stream}/reactions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n"
            "transfer-encoding: chunked\r\n\r\n1000\r\n"
        ).encode(),
    )
    drops = (b"x-more: 1\r\n", b"x", b"x")
    loop = asyncio.get_running_loop()

    async def drip(number: int) -> tuple[str, float]:
        async with connection(api) as attacker:
            began = loop.time()
            attacker.write(heads[number % 3])
            answer = asyncio.create_task(attacker.reply())
            while not answer.done():
                attacker.write(drops[number % 3])
                await asyncio.wait([answer], timeout=0.2)
            return answer.result().problem, loop.time() - began

    before = memory_kib(pid)
    slow = [asyncio.create_task(drip(number)) for number in range(SLOW)]
    waited = []
    while not all(task.done() for task in slow):
        began = loop.time()
        assert (await api.react(stream, token, {"🔥": 1})).status == 202
        waited.append(loop.time() - began)
        await asyncio.sleep(0.02)
    assert {task.result()[0] for task in slow} == {"slow-request"}
    assert max(task.result()[1] for task in slow) < SLOW_REQUEST_S + 3
    assert sorted(waited)[len(waited) // 2] < 0.05
    assert memory_kib(pid) - before < 16_384


async def test_headers_without_end_are_refused_and_leave_no_memory(api: Api, pid: int) -> None:
    async def flood() -> str:
        async with connection(api) as attacker:
            attacker.write(b"GET /livez HTTP/1.1\r\nhost: x\r\n")
            answer = asyncio.create_task(_answer_or_cut(attacker))
            for number in range(20_000):
                if answer.done():
                    break
                attacker.write(b"x-%d: %b\r\n" % (number, b"y" * 1_000))
                await asyncio.sleep(0)
            return await answer

    await flood()
    before = memory_kib(pid)
    assert set(await asyncio.gather(*(flood() for _ in range(20)))) <= {"large-head", "cut"}
    assert memory_kib(pid) - before < 16_384
    counted = str((await api.call("GET", "/metrics")).body)
    assert 'ovation_gateway_refused_total{problem="large-head"} 21.0' in counted


async def _answer_or_cut(attacker: Connection) -> str:
    """Return the problem; who goes on sending may have its connection reset before it reads the answer."""
    try:
        return (await attacker.reply()).problem
    except (OSError, asyncio.IncompleteReadError):
        return "cut"
