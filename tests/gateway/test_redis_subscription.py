import asyncio
from typing import Any

import pytest
from redis.asyncio import Connection
from structlog.testing import capture_logs

from gateway import redis_subscription
from gateway.redis_subscription import Listener, RedisSubscription


def nothing(*_: object) -> None: ...


async def test_a_redis_that_takes_connections_and_says_nothing_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_subscription, "_SILENCE_S", 0.1)
    came: asyncio.Queue[None] = asyncio.Queue()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.put_nowait(None)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        subscription = RedisSubscription(f"redis://127.0.0.1:{port}", Listener(nothing, nothing))
        subscription.start()
        try:
            async with asyncio.timeout(5):
                for _ in range(2):
                    await came.get()
            assert not subscription.up
        finally:
            await subscription.close()


@pytest.mark.parametrize(("error", "words"), [(RuntimeError("the handler is closed"), 1), (ConnectionResetError(), 0)])
async def test_whatever_ends_a_connection_another_follows(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, error: Exception, words: int
) -> None:
    send, errors = Connection.send_command, [error]

    async def fail_once(self: Connection, *args: Any, **options: Any) -> None:
        if args[0] == "SUBSCRIBE" and errors:
            raise errors.pop()
        await send(self, *args, **options)

    monkeypatch.setattr(Connection, "send_command", fail_once)
    confirmed = asyncio.Event()
    states: list[tuple[bool, str]] = []
    listener = Listener(nothing, lambda _: confirmed.set(), state=lambda up, reason: states.append((up, reason)))
    subscription = RedisSubscription(redis_url, listener)
    subscription.follow(b"ovation:test")
    with capture_logs() as logs:
        subscription.start()
        try:
            async with asyncio.timeout(5):
                await confirmed.wait()
        finally:
            await subscription.close()
    assert [each["log_level"] for each in logs] == ["error"] * words
    assert states[-1][0] is False
