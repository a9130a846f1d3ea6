"""How far the jobs have come with `votes`: what they have written to their stores, and what there is.

Flink commits a deployment's offsets with each checkpoint, and before a checkpoint everything read is in the store. So
once both deployments have committed the offsets that were the ends of the topic, both stores hold every vote before.
"""

from collections.abc import Mapping

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec

from contracts import topics
from gateway.kafka.admin import AdminThread

Offsets = Mapping[TopicPartition, int]
"""Partition to the offset after its last record. A partition without records is not in it: nothing of it is read, so
nobody commits anything."""

GROUPS = [topics.consumer_group("poll_dedup", sink) for sink in ("redis", "clickhouse")]


class VotesProgress:
    """Both questions raise KafkaError or OSError when Kafka does not answer."""

    def __init__(self, kafka: AdminThread) -> None:
        self._kafka = kafka

    async def ends(self) -> Offsets:
        """Return where `votes` ends now."""
        return await self._kafka.ask(_ends)

    async def has_passed(self, ends: Offsets) -> bool:
        """Return whether both deployments have come to `ends`, so that both stores hold every vote before."""
        return await self._kafka.ask(lambda admin: _has_passed(admin, ends))


def _ends(admin: KafkaAdminClient) -> Offsets:
    [topic] = admin.describe_topics([topics.VOTES.name])
    partitions = [TopicPartition(topics.VOTES.name, each["partition_index"]) for each in topic["partitions"]]
    latest = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    earliest = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
    return {each: latest[each].offset for each in partitions if latest[each].offset > earliest[each].offset}


def _has_passed(admin: KafkaAdminClient, ends: Offsets) -> bool:
    if not ends:
        return True
    committed = admin.list_group_offsets({group: list(ends) for group in GROUPS})
    return all(committed[group][partition].offset >= end for group in GROUPS for partition, end in ends.items())
