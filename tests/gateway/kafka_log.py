"""What stands in a topic."""

import json
from typing import Any

from kafka import KafkaConsumer, TopicPartition


def records(bootstrap: str, topic: str, stream_id: str) -> list[dict[str, Any]]:
    """Return the values of all records that are now in the topic and speak of the stream."""
    return [value for _, value in keyed_records(bootstrap, topic, stream_id)]


def keyed_records(bootstrap: str, topic: str, stream_id: str) -> list[tuple[bytes | None, dict[str, Any]]]:
    """Return keys and values, in the order of each partition."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    found: list[tuple[bytes | None, dict[str, Any]]] = []
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            for messages in consumer.poll(timeout_ms=200).values():
                found += [
                    (each.key, json.loads(each.value)) for each in messages if stream_id.encode() in (each.value or b"")
                ]
    finally:
        consumer.close(autocommit=False)
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
