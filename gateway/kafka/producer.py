"""The outbox behind librdkafka: an idempotent producer that does its work on threads of C.

Handing a record over only queues it, so the event loop does that itself. What became of it is told to whoever polls: a
thread that sleeps outside the interpreter until there is something to tell. A producer written in Python takes the
interpreter from the event loop with every record, and answers are late by that (docs/dependencies.md has the figure).

A producer that has failed for good is replaced: a fresh one has a fresh id, and what is certainly not in Kafka is the
caller's to send again.
"""

import asyncio
import logging
import threading
from functools import partial

import structlog
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from contracts import topics
from contracts.kafka_login import PLAINTEXT, KafkaLogin
from gateway.kafka.config import producer_config
from gateway.kafka.outbox import NotTaken, Uncertain
from gateway.kafka.outcomes import Outcomes
from gateway.kafka.partition_counts import PartitionCounts

log = structlog.get_logger(__name__)

_POLL_S = 0.5
_PURGE_S = 2.0

# By these the broker, or the producer itself, says that the record was not appended.
_NOT_TAKEN = frozenset(
    {
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.RECORD_LIST_TOO_LARGE,
        KafkaError.TOPIC_EXCEPTION,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError.POLICY_VIOLATION,
        KafkaError._UNKNOWN_PARTITION,
        KafkaError._UNKNOWN_TOPIC,
        KafkaError._PURGE_QUEUE,
        KafkaError._QUEUE_FULL,
        KafkaError._FATAL,
    }
)


class ProducerThread:
    """An `Outbox`. `give_up_ms` bounds how long a record may try; None means that none is ever given up."""

    def __init__(
        self,
        name: str,
        bootstrap: str,
        *,
        linger_ms: int,
        give_up_ms: int | None = None,
        login: KafkaLogin = PLAINTEXT,
    ) -> None:
        self._name = name
        self._config = producer_config(name, bootstrap, linger_ms, give_up_ms, login)
        self._partitions = PartitionCounts({topic.name: topic.partitions for topic in topics.ALL})
        self._failed = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the producer and its thread; neither waits for a broker. Outcomes arrive on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._outcomes = Outcomes(self._loop)
        self._producer = self._connect()
        self._partitions.start(lambda: self._producer)
        self._thread.start()

    async def close(self) -> None:
        """Stop the thread; what is still here is not sent. The caller has waited for what it cares about."""
        await self._partitions.close()
        self._stop.set()
        await asyncio.to_thread(self._thread.join, _POLL_S + _PURGE_S)

    def send(
        self, topic: str, value: bytes, *, key: bytes | None = None, partition: int | None = None
    ) -> asyncio.Future[None]:
        written = self._loop.create_future()
        try:
            self._producer.produce(
                topic,
                value,
                key=key,
                partition=-1 if partition is None else partition,
                on_delivery=partial(self._delivered, written),
            )
        except (KafkaException, BufferError) as error:
            self._outcomes.post(written, NotTaken(str(error)))
        return written

    def partitions(self, topic: str) -> int:
        return self._partitions.of(topic)

    def _connect(self) -> Producer:
        return Producer({**self._config, "error_cb": self._trouble, "logger": logging.getLogger("kafka")})

    def _run(self) -> None:
        while not self._stop.is_set():
            self._producer.poll(_POLL_S)
            if self._failed:
                self._failed = False
                # One that has failed takes nothing more, so that no record slips into the old one meanwhile.
                failed, self._producer = self._producer, self._connect()
                _drop(failed)
        _drop(self._producer)

    # Both are called while the thread polls.

    def _delivered(self, written: asyncio.Future[None], error: KafkaError | None, _message: Message) -> None:
        if error is None:
            self._outcomes.post(written, None)
        elif error.code() in _NOT_TAKEN:
            self._outcomes.post(written, NotTaken(error.str()))
        else:
            self._outcomes.post(written, Uncertain(error.str()))

    def _trouble(self, error: KafkaError) -> None:
        if error.fatal():
            log.warning("replacing a producer that failed", producer=self._name, reason=error.str())
            self._failed = True
        elif error.code() == KafkaError._ALL_BROKERS_DOWN:
            log.warning("kafka is not reachable", producer=self._name)
        elif error.code() == KafkaError._AUTHENTICATION:
            log.warning("kafka refuses the user", producer=self._name, reason=error.str())


def _drop(producer: Producer) -> None:
    """Give up what a producer still holds, and let its waiters know."""
    producer.purge()
    producer.flush(_PURGE_S)
