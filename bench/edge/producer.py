"""What Kafka takes from one producer that does nothing else: what bounds durable votes from below."""

import time

from confluent_kafka import Producer

from contracts import topics
from gateway.kafka.config import producer_config

RECORD_BYTES = 400
"""About those of a vote."""
_LINGER_MS = 5


def records_per_s(bootstrap: str, seconds: float) -> float:
    """Write small records with the gateway's own settings, `acks=all`, and return how many a second Kafka confirmed."""
    producer = Producer(producer_config("bench-producer", bootstrap, _LINGER_MS, None))
    record, confirmed = b"v" * RECORD_BYTES, 0

    def delivered(error: object, _message: object) -> None:
        nonlocal confirmed
        confirmed += error is None

    began = time.monotonic()
    while time.monotonic() < began + seconds:
        try:
            producer.produce(topics.VOTES.name, record, on_delivery=delivered)
        except BufferError:
            producer.poll(0.01)
        else:
            producer.poll(0)
    producer.flush()
    return confirmed / (time.monotonic() - began)
