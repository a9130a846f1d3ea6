"""Reads the topic `control` from its beginning for as long as the gateway lives, on a thread of its own.

It assigns the partition itself and joins no group: every gateway reads everything. Its regular question for the end of
the topic is also how the gateway knows that Kafka answers.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors

from contracts import topics
from contracts.kafka_login import PLAINTEXT, KafkaLogin
from gateway import metrics
from gateway.control.model import Record, decode
from gateway.control.repair import Repair
from gateway.control.table import ControlTable
from gateway.kafka.connect import connect

log = structlog.get_logger(__name__)

_PARTITION = TopicPartition(topics.CONTROL.name, 0)
_POLL_MS = 500
_ASK_EVERY_S = 1.0
_SILENCE_S = 4.0
_BACKOFF_S = 0.5


class ControlReader:
    """Fills `table` from Kafka; `repair` sees what did not come to stand."""

    def __init__(self, bootstrap: str, table: ControlTable, repair: Repair, login: KafkaLogin = PLAINTEXT) -> None:
        self._table = table
        self._repair = repair
        self._config: dict[str, Any] = {
            "bootstrap_servers": bootstrap.split(","),
            "client_id": "ovation-control",
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "allow_auto_create_topics": False,
            "fetch_max_wait_ms": _POLL_MS,
            "request_timeout_ms": 3_000,
            "bootstrap_timeout_ms": 3_000,
            "reconnect_backoff_max_ms": 1_000,
            "metrics_enabled": False,
            **login.kafka_python(),
        }
        self._answered_at = float("-inf")
        self._position = 0
        """Offset after the last record that was handed over."""
        self._stop = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="control-reader", daemon=True)

    def start(self) -> None:
        """Start the thread. Records are applied on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def close(self) -> None:
        self._stop.set()
        await asyncio.to_thread(self._thread.join, 5)

    @property
    def kafka_is_up(self) -> bool:
        """Whether Kafka has answered lately, and has the topic."""
        return time.monotonic() - self._answered_at < _SILENCE_S

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._read()
            except (kafka_errors.KafkaError, OSError, AssertionError) as error:
                log.warning("control cannot be read", reason=type(error).__name__)
            except Exception:
                log.exception("control is read again")
            self._stop.wait(_BACKOFF_S)

    def _read(self) -> None:
        consumer = connect(KafkaConsumer, self._config)
        try:
            consumer.assign([_PARTITION])
            # After an interruption it goes on where it was.
            consumer.seek(_PARTITION, self._position)
            end, asked_at = self._end(consumer), time.monotonic()
            while not self._stop.is_set():
                messages = consumer.poll(timeout_ms=_POLL_MS).get(_PARTITION, [])
                # The consumer itself goes back to the beginning when its offset is none any more.
                if messages and messages[0].offset < self._position:
                    self._start_over()
                self._hand_over(messages)
                if consumer.position(_PARTITION) >= end and not self._table.ready:
                    self._call(self._mark_ready)
                if time.monotonic() - asked_at > _ASK_EVERY_S:
                    end, asked_at = self._end(consumer), time.monotonic()
                    if end < self._position:
                        self._start_over()
                        consumer.seek(_PARTITION, 0)
        finally:
            consumer.close(autocommit=False)

    def _end(self, consumer: KafkaConsumer) -> int:
        end: int = consumer.end_offsets([_PARTITION], timeout_ms=3_000)[_PARTITION]
        self._answered_at = time.monotonic()
        return end

    def _start_over(self) -> None:
        """Forget what was read: the log is shorter than that, so it is another one."""
        log.warning("control is not the log that was read; it is read again", position=self._position)
        self._position = 0
        self._call(self._table.clear)

    def _hand_over(self, messages: list[Any]) -> None:
        records: list[Record] = []
        for message in messages:
            if message.value is None:  # A key that was deleted; nothing here writes such.
                continue
            try:
                records.append(decode(message.value))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                metrics.CONTROL_MALFORMED.inc()
                log.warning("malformed record in control", offset=message.offset, reason=str(error))
        if messages:
            self._position = messages[-1].offset + 1
        if records:
            metrics.CONTROL_RECORDS.inc(len(records))
            self._call(lambda: self._apply(records))

    def _apply(self, records: list[Record]) -> None:
        for record in records:
            self._repair.see(record, self._table.apply(record))

    def _mark_ready(self) -> None:
        self._table.ready = True

    def _call(self, callback: Callable[[], None]) -> None:
        assert self._loop is not None
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(callback)
