"""How far each deployment has read what is in Kafka."""

from dataclasses import dataclass

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec

from contracts import topics
from ovation.deployments import Deployment
from ovation.kafka_admin import committed, partitions

READS = {"reaction_window": topics.REACTIONS, "poll_dedup": topics.VOTES}
"""The topic that each job reads."""

Offsets = dict[TopicPartition, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A deployment's partitions: where each ends, and how far it was read when a checkpoint was last complete."""

    ends: Offsets
    done: Offsets

    @property
    def left(self) -> int:
        """How many records are still to read, or were read since that checkpoint."""
        return sum(self.ends[each] - self.done[each] for each in self.ends)


def reading(admin: KafkaAdminClient, deployment: Deployment) -> Reading:
    """Ask how far a deployment has read; its topic is there."""
    parts = partitions(admin, READS[deployment.job])
    ends, starts = offsets(admin, parts, OffsetSpec.LATEST), offsets(admin, parts, OffsetSpec.EARLIEST)
    group = topics.consumer_group(deployment.job, deployment.sink)
    read = committed(admin, group, parts)
    # What Kafka no longer has is not waited for.
    done = {each: max(read.get(each, 0), starts[each]) for each in parts}
    return Reading(ends, done)


def offsets(admin: KafkaAdminClient, parts: list[TopicPartition], spec: OffsetSpec | int) -> Offsets:
    """Return each partition's offset of `spec`; of a time, in ms, -1 says that nothing is later."""
    found = admin.list_partition_offsets(dict.fromkeys(parts, spec))
    return {each: found[each].offset for each in parts}
