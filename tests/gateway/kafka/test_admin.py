import asyncio
import threading
from typing import Any

import pytest
from kafka.errors import KafkaTimeoutError

from gateway.kafka import admin
from gateway.kafka.admin import AdminThread


class Client:
    """Stands for kafka-python's."""

    closed = 0

    def close(self) -> None:
        Client.closed += 1


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> AdminThread:
    monkeypatch.setattr(Client, "closed", 0)
    monkeypatch.setattr(admin, "connect", lambda *_: Client())
    return AdminThread("nowhere:9092")


async def test_questions_are_answered_in_their_order_by_one_client(kafka: AdminThread) -> None:
    clients = await asyncio.gather(*(kafka.ask(lambda client: client) for _ in range(5)))
    assert len(set(map(id, clients))) == 1
    await kafka.close()
    assert Client.closed == 1


async def test_a_question_that_fails_says_why_and_the_next_one_connects_again(kafka: AdminThread) -> None:
    def fail(_client: Any) -> None:
        raise KafkaTimeoutError("too late")

    before = await kafka.ask(lambda client: client)
    with pytest.raises(KafkaTimeoutError, match="too late"):
        await kafka.ask(fail)
    assert Client.closed == 1
    assert await kafka.ask(lambda client: client) is not before
    await kafka.close()


async def test_a_question_that_hangs_keeps_nobody_from_ending(kafka: AdminThread) -> None:
    hangs, asked = threading.Event(), threading.Event()

    def hang(_client: Any) -> None:
        asked.set()
        hangs.wait()

    asking = asyncio.ensure_future(kafka.ask(hang))
    await asyncio.to_thread(asked.wait, 5)
    asking.cancel()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await kafka.close()
    [thread] = [each for each in threading.enumerate() if each.name == "kafka-admin"]
    assert thread.daemon
    hangs.set()
    await asyncio.to_thread(thread.join, 5)
    assert Client.closed == 1, "what was asked to close is closed once the question is over"


async def test_what_was_never_asked_ends_at_once(kafka: AdminThread) -> None:
    await kafka.close()
    assert Client.closed == 0
