"""The outbox behind kafka-python: one thread that owns one idempotent producer.

kafka-python blocks while it looks for brokers and topics, so every call to it is made on this thread. A producer that
failed is replaced once nothing is on its way: a fresh one has a fresh id, and what is certainly not in Kafka is the
caller's to send again.
"""

import asyncio
import queue
import threading
import time
from contextlib import suppress

import structlog
from kafka import KafkaProducer
from kafka import errors as kafka_errors

from contracts import topics
from gateway.kafka.config import producer_config
from gateway.kafka.connect import connect
from gateway.kafka.outbox import NotTaken, Outgoing, Uncertain
from gateway.kafka.outcomes import Outcomes

log = structlog.get_logger(__name__)

_BACKOFF_S = 0.2
_IDLE_S = 0.5

# Answers by which the broker says that it did not append.
_NOT_TAKEN = (
    kafka_errors.MessageSizeTooLargeError,
    kafka_errors.RecordListTooLargeError,
    kafka_errors.InvalidTopicError,
    kafka_errors.TopicAuthorizationFailedError,
    kafka_errors.ClusterAuthorizationFailedError,
    kafka_errors.PolicyViolationError,
)


class ProducerThread:
    """An `Outbox`. `give_up_ms` bounds how long a record may try; None means that none is ever given up."""

    def __init__(self, name: str, bootstrap: str, *, linger_ms: int, give_up_ms: int | None = None) -> None:
        self._name = name
        self._give_up_ms = give_up_ms
        self._config = producer_config(name, bootstrap, linger_ms, give_up_ms)
        self._queue: queue.SimpleQueue[Outgoing | None] = queue.SimpleQueue()
        self._on_the_way: set[Outgoing] = set()
        self._partitions = {topic.name: topic.partitions for topic in topics.ALL}
        self._failed = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread. Outcomes arrive on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._outcomes = Outcomes(self._loop)
        self._thread.start()

    async def close(self) -> None:
        """Stop the thread; what is still here is not sent. The caller has waited for what it cares about."""
        self._stop.set()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, 5)

    def send(
        self, topic: str, value: bytes, *, key: bytes | None = None, partition: int | None = None
    ) -> asyncio.Future[None]:
        deadline = None if self._give_up_ms is None else time.monotonic() + self._give_up_ms / 1000
        record = Outgoing(topic, value, self._loop.create_future(), key, partition, deadline)
        self._queue.put(record)
        return record.written

    def partitions(self, topic: str) -> int:
        return self._partitions[topic]

    def _run(self) -> None:
        while not self._stop.is_set():
            producer = self._connect()
            if producer is None:
                continue
            try:
                self._pump(producer)
            except Exception:
                log.exception("the producer's thread starts again", producer=self._name)
            finally:
                _close(producer)

    def _connect(self) -> KafkaProducer | None:
        try:
            return connect(KafkaProducer, self._config)
        except (kafka_errors.KafkaError, OSError) as error:
            log.warning("kafka is not reachable", producer=self._name, reason=type(error).__name__)
            self._drop_overdue()
            self._stop.wait(_BACKOFF_S)
            return None

    def _pump(self, producer: KafkaProducer) -> None:
        self._failed = False
        while not self._stop.is_set():
            if self._failed:
                # A client that has lost count of its own requests answers none of them: then time decides.
                if all(record.overdue for record in list(self._on_the_way)):
                    log.warning("replacing a producer that failed", producer=self._name)
                    self._abandon()
                    return
                self._stop.wait(_BACKOFF_S)
                continue
            with suppress(queue.Empty):
                record = self._queue.get(timeout=_IDLE_S)
                if record is not None:
                    self._give(producer, record)

    def _give(self, producer: KafkaProducer, record: Outgoing) -> None:
        while not self._stop.is_set():
            if record.overdue:
                self._outcomes.post(record, NotTaken("Kafka was away for too long"))
                return
            try:
                future = producer.send(record.topic, record.value, key=record.key, partition=record.partition)
            except kafka_errors.KafkaTimeoutError:
                continue  # Neither broker nor topic answers yet: nothing was taken, so it is safe to ask again.
            except Exception as error:
                self._outcomes.post(record, NotTaken(str(error)))
                return
            self._on_the_way.add(record)
            future.add_callback(self._taken, record)
            future.add_errback(self._not_taken, record)
            with suppress(kafka_errors.KafkaError):
                self._partitions[record.topic] = len(producer.partitions_for(record.topic))
            return

    # The next two run on kafka-python's own thread. Adding to a set and discarding from it are atomic in CPython.

    def _taken(self, record: Outgoing, _metadata: object) -> None:
        self._on_the_way.discard(record)
        self._outcomes.post(record, None)

    def _not_taken(self, record: Outgoing, error: Exception) -> None:
        self._on_the_way.discard(record)
        if isinstance(error, _NOT_TAKEN):
            self._outcomes.post(record, NotTaken(str(error)))
            return
        # Even a timeout leaves a gap in the producer's sequence numbers, over which a broker may stumble for long.
        self._failed = True
        self._outcomes.post(record, Uncertain(type(error).__name__))

    def _abandon(self) -> None:
        for record in list(self._on_the_way):
            self._on_the_way.discard(record)
            self._outcomes.post(record, Uncertain("the producer was replaced"))

    def _drop_overdue(self) -> None:
        for _ in range(self._queue.qsize()):
            record = self._queue.get()
            if record is not None and record.overdue:
                self._outcomes.post(record, NotTaken("Kafka was away for too long"))
            else:
                self._queue.put(record)


def _close(producer: KafkaProducer) -> None:
    try:
        producer.close(timeout=0)
    except kafka_errors.KafkaError:
        # close() gives up before it ends its own thread when something is still on the way.
        producer._sender.force_close()
