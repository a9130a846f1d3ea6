"""What stands in a topic."""

import json
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

_CONFIG = {
    # Needed, and of no consequence: nothing is committed.
    "group.id": "tests",
    "enable.auto.commit": False,
    "enable.partition.eof": True,
}


def records(bootstrap: str, topic: str, stream_id: str) -> list[dict[str, Any]]:
    """Return the values of all records that are now in the topic and speak of the stream."""
    return [value for _, value in keyed_records(bootstrap, topic, stream_id)]


def keyed_records(bootstrap: str, topic: str, stream_id: str) -> list[tuple[bytes | None, dict[str, Any]]]:
    """Return keys and values, in the order of each partition."""
    found: list[tuple[bytes | None, dict[str, Any]]] = []
    consumer = Consumer({"bootstrap.servers": bootstrap, **_CONFIG})
    try:
        left = set(consumer.list_topics(topic, 10).topics[topic].partitions)
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in left])
        while left:
            for message in consumer.consume(500, timeout=0.2):
                error, value = message.error(), message.value()
                if error is not None:
                    assert error.code() == KafkaError._PARTITION_EOF, error
                    left.discard(message.partition())
                elif value is not None and stream_id.encode() in value:
                    found.append((message.key(), json.loads(value)))
    finally:
        consumer.close()
    return found


def taps(bootstrap: str, stream_id: str) -> dict[str, int]:
    """Return emoji to taps, added up over everything in `reactions`."""
    totals: dict[str, int] = {}
    for record in records(bootstrap, "reactions", stream_id):
        for emoji, count in record["counts"].items():
            totals[emoji] = totals.get(emoji, 0) + count
    return totals


def votes(bootstrap: str, stream_id: str) -> list[dict[str, Any]]:
    """Return all votes of the stream."""
    found = [vote for record in records(bootstrap, "votes", stream_id) for vote in record["votes"]]
    return [vote for vote in found if vote["stream_id"] == stream_id]
