"""Reads the topic `control` from its beginning for as long as the gateway lives, on a thread of its own.

It assigns the partition itself and joins no group: every gateway reads everything, also what a mirror brings of other
regions' `control`. Its regular question for the end of the topics is also how the gateway knows that Kafka answers.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import msgspec
import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors

from contracts import regions, topics
from contracts.kafka_login import PLAINTEXT, KafkaLogin
from gateway import metrics
from gateway.control.model import Record, decode
from gateway.control.repair import Repair
from gateway.control.table import ControlTable
from gateway.kafka.connect import connect

log = structlog.get_logger(__name__)

_OWN = TopicPartition(topics.CONTROL.name, 0)
_POLL_MS = 500
_ASK_EVERY_S = 0.5
_BACKOFF_S = 0.5
LEASE_S = 4.0
"""How long this gateway may go by what it has read, before it must have asked again whether there is more."""


class ControlReader:
    """Fills `table` from Kafka; `repair` sees what did not come to stand in this region's log."""

    def __init__(
        self,
        bootstrap: str,
        table: ControlTable,
        repair: Repair,
        login: KafkaLogin = PLAINTEXT,
        other_regions: Collection[str] = (),
    ) -> None:
        self._table = table
        self._repair = repair
        mirrored = (regions.mirrored(topics.CONTROL, region).name for region in other_regions)
        self._positions = {_OWN: 0} | {TopicPartition(name, 0): 0 for name in mirrored}
        """Offset after the last record that was handed over, by topic."""
        self._config: dict[str, Any] = {
            "bootstrap_servers": bootstrap.split(","),
            "client_id": "ovation-control",
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            # A mirror writes in transactions.
            "isolation_level": "read_committed",
            "allow_auto_create_topics": False,
            "fetch_max_wait_ms": _POLL_MS,
            "request_timeout_ms": 3_000,
            "bootstrap_timeout_ms": 3_000,
            "reconnect_backoff_max_ms": 1_000,
            "metrics_enabled": False,
            **login.kafka_python(),
        }
        self._answered_at = float("-inf")
        self._current_at = float("-inf")
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
        return time.monotonic() - self._answered_at < LEASE_S

    @property
    def is_current(self) -> bool:
        """Whether this region's `control` was read, less than `LEASE_S` ago, to the end that it then had.

        A gateway that hung, or is cut off, may not know that a poll was closed, or even that it is final.
        """
        return time.monotonic() - self._current_at < LEASE_S

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
            consumer.assign(list(self._positions))
            # After an interruption it goes on where it was.
            self._seek(consumer)
            asked_at = time.monotonic()
            ends = self._ends(consumer)
            while not self._stop.is_set():
                for partition, messages in consumer.poll(timeout_ms=_POLL_MS).items():
                    # The consumer itself goes back to the beginning when its offset is none any more.
                    if messages[0].offset < self._positions[partition]:
                        self._start_over(partition)
                        self._seek(consumer)
                        break
                    self._hand_over(partition, messages)
                if consumer.position(_OWN) >= ends[_OWN]:
                    self._call(partial(self._mark_current, asked_at))
                if not self._table.ready and all(consumer.position(each) >= end for each, end in ends.items()):
                    self._call(self._mark_ready)
                if time.monotonic() - asked_at > _ASK_EVERY_S:
                    asked_at = time.monotonic()
                    ends = self._ends(consumer)
                    for partition, end in ends.items():
                        if end < self._positions[partition]:
                            self._start_over(partition)
                            self._seek(consumer)
        finally:
            consumer.close(autocommit=False)

    def _seek(self, consumer: KafkaConsumer) -> None:
        for partition, position in self._positions.items():
            consumer.seek(partition, position)

    def _ends(self, consumer: KafkaConsumer) -> Mapping[TopicPartition, int]:
        ends: Mapping[TopicPartition, int] = consumer.end_offsets(list(self._positions), timeout_ms=3_000)
        self._answered_at = time.monotonic()
        return ends

    def _start_over(self, partition: TopicPartition) -> None:
        """Forget what was read: a log is shorter than that, so it is another one."""
        log.warning(
            "control is not the log that was read; it is read again",
            topic=partition.topic,
            position=self._positions[partition],
        )
        self._positions = dict.fromkeys(self._positions, 0)
        self._call(self._table.clear)

    def _hand_over(self, partition: TopicPartition, messages: list[Any]) -> None:
        records: list[Record] = []
        for message in messages:
            if message.value is None:  # A key that was deleted; nothing here writes such.
                continue
            try:
                records.append(decode(message.value))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                metrics.CONTROL_MALFORMED.inc()
                log.warning(
                    "malformed record in control", topic=partition.topic, offset=message.offset, reason=str(error)
                )
        self._positions[partition] = messages[-1].offset + 1
        if records:
            metrics.CONTROL_RECORDS.inc(len(records))
            self._call(lambda: self._apply(records, is_own=partition == _OWN))

    def _apply(self, records: list[Record], *, is_own: bool) -> None:
        for record in records:
            verdict = self._table.apply(record)
            if is_own:
                self._repair.see(record, verdict)

    def _mark_current(self, asked_at: float) -> None:
        """Say that all is applied that stood in the log at `asked_at`, of the monotonic clock."""
        self._current_at = asked_at

    def _mark_ready(self) -> None:
        self._table.ready = True

    def _call(self, callback: Callable[[], None]) -> None:
        assert self._loop is not None
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(callback)
