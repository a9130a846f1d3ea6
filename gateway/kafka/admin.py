"""Questions to Kafka about topics and groups, asked on a thread of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from contracts.kafka_login import PLAINTEXT, KafkaLogin
from gateway.kafka.connect import connect

T = TypeVar("T")
_REQUEST_MS = 3_000


class AdminThread:
    """One connection, made when first needed, and asked one question after the other."""

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
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kafka-admin")

    async def ask(self, question: Callable[[KafkaAdminClient], T]) -> T:
        """Return the answer. Raises KafkaError or OSError when Kafka does not answer; the next question connects again.

        Do not ask after `close`.
        """

        def ask() -> T:
            if self._admin is None:
                self._admin = connect(KafkaAdminClient, self._config)
            try:
                return question(self._admin)
            except BaseException:
                # Whatever it was, a fresh connection knows of no broker that is gone.
                self._disconnect()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, ask)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)

    def _disconnect(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            with suppress(KafkaError, OSError):
                admin.close()
