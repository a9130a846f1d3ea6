"""Questions to Kafka about topics and groups, asked on a thread of their own."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from contracts.kafka_login import PLAINTEXT, KafkaLogin
from gateway.kafka.connect import connect

T = TypeVar("T")
_REQUEST_MS = 3_000

_Tell = Callable[[Any, BaseException | None], None]
"""Called on the thread with the answer, or why there is none."""


class AdminThread:
    """One connection, made when first needed, and asked one question after the other.

    The thread is a daemon: a client that hangs in a question keeps no process from ending.
    """

    def __init__(self, bootstrap: str, login: KafkaLogin = PLAINTEXT) -> None:
        self._config: dict[str, Any] = {
            "bootstrap_servers": bootstrap.split(","),
            "client_id": "ovation-progress",
            "request_timeout_ms": _REQUEST_MS,
            "bootstrap_timeout_ms": _REQUEST_MS,
            "reconnect_backoff_max_ms": 1_000,
            **login.kafka_python(),
        }
        self._admin: KafkaAdminClient | None = None
        self._asked: SimpleQueue[tuple[Callable[[], Any] | None, _Tell]] = SimpleQueue()
        self._thread: Thread | None = None

    async def ask(self, question: Callable[[KafkaAdminClient], T]) -> T:
        """Return the answer. Raises KafkaError or OSError when Kafka does not answer; the next question connects again.

        Do not ask after `close`.
        """
        if self._thread is None:
            self._thread = Thread(target=self._run, name="kafka-admin", daemon=True)
            self._thread.start()
        answer: T = await self._put(lambda: self._answer(question))
        return answer

    async def close(self) -> None:
        """Return once the question that is being asked has its answer, and the connection is closed."""
        if self._thread is not None:
            await self._put(None)

    async def _put(self, question: Callable[[], Any] | None) -> Any:
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Any] = loop.create_future()

        def settle(answer: Any, error: BaseException | None) -> None:
            if told.done():  # Who asked waits no more.
                return
            if error is None:
                told.set_result(answer)
            else:
                told.set_exception(error)

        def tell(answer: Any, error: BaseException | None) -> None:
            with suppress(RuntimeError):  # The loop is closed.
                loop.call_soon_threadsafe(settle, answer, error)

        self._asked.put((question, tell))
        return await told

    def _run(self) -> None:
        while True:
            question, tell = self._asked.get()
            if question is None:
                self._disconnect()
                tell(None, None)
                return
            try:
                answer = question()
            except BaseException as error:
                tell(None, error)
            else:
                tell(answer, None)

    def _answer(self, question: Callable[[KafkaAdminClient], T]) -> T:
        if self._admin is None:
            self._admin = connect(KafkaAdminClient, self._config)
        try:
            return question(self._admin)
        except BaseException:
            # Whatever it was, a fresh connection knows of no broker that is gone.
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            with suppress(KafkaError, OSError):
                admin.close()
