"""The jobs' consumer groups, committed by hand: what Flink does with each checkpoint."""

from collections.abc import Mapping
from functools import partial

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NoError, NotCoordinatorError
from kafka.structs import OffsetAndMetadata

from contracts.topics import VOTES
from gateway.final.progress import GROUPS
from tests.gateway.processes import until


def write_vote(bootstrap: str, partition: int) -> None:
    """Append a record to a partition of `votes`."""
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    producer.send(VOTES.name, b'{"v":1,"region":"eu","edge":"gw-1","votes":[]}', partition=partition).get(10)
    producer.close()


def commit(bootstrap: str, groups: list[str] = GROUPS, behind: Mapping[int, int] | None = None) -> None:
    """Commit the ends of `votes` for the groups; `behind` maps partition to how many records are not read yet."""
    partitions = [TopicPartition(VOTES.name, number) for number in range(VOTES.partitions)]
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None)
    ends = consumer.end_offsets(partitions)
    consumer.close()
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    for group in groups:
        offsets = {each: ends[each] - (behind or {}).get(each.partition, 0) for each in partitions if ends[each]}
        if offsets:
            until(partial(_commit, admin, group, offsets), 30, "the group has a coordinator")
    admin.close()


def _commit(admin: KafkaAdminClient, group: str, offsets: Mapping[TopicPartition, int]) -> bool:
    wanted = {each: OffsetAndMetadata(offset, "", -1) for each, offset in offsets.items()}
    try:
        outcomes = admin.alter_group_offsets(group, wanted)
    except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError):
        return False  # The broker makes one when it is first asked.
    return all(outcome is NoError for outcome in outcomes.values())
