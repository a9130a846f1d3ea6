"""The records in Kafka: how far each deployment has read, and what could not be read."""

import time
from collections.abc import Iterator

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec

from contracts import topics
from contracts.topics import HOUR_MS, Topic
from ovation.deployments import DEPLOYMENTS
from ovation.doctor.finding import Finding, broken, warning
from ovation.doctor.place import Place

PART = "kafka"
BEHIND_S = 60
"""Deployments commit with each checkpoint, every 10 seconds, so 15 are nothing."""
_READS = {"reaction_window": topics.REACTIONS, "poll_dedup": topics.VOTES}


def behind(place: Place, admin: KafkaAdminClient) -> Iterator[Finding]:
    """Yield each deployment that has not read what Kafka has had for `BEHIND_S`."""
    since = int(time.time() * 1000) - BEHIND_S * 1000
    there = set(admin.list_topics())
    for deployment in DEPLOYMENTS:
        topic = _READS[deployment.job]
        if topic.name not in there:
            continue
        partitions = _partitions(admin, topic)
        ends = _offsets(admin, partitions, OffsetSpec.LATEST)
        starts = _offsets(admin, partitions, OffsetSpec.EARLIEST)
        then = _offsets(admin, partitions, since)
        group = topics.consumer_group(deployment.job, deployment.sink)
        committed = admin.list_group_offsets({group: partitions})[group]
        # What Kafka no longer has is not waited for.
        done = {each: max(committed[each].offset if each in committed else 0, starts[each]) for each in partitions}
        # The first record from that time on, or none: then everything is older.
        old = {each: then[each] if then[each] >= 0 else ends[each] for each in partitions}
        if any(done[each] < old[each] for each in partitions):
            left = sum(ends[each] - done[each] for each in partitions)
            yield broken(
                PART,
                f"{deployment.name} has {left} record(s) of `{topic.name}` still to read, the oldest for more than "
                f"{BEHIND_S} s.",
                "Screens are behind." if deployment.sink == "redis" else "History is behind, and no result is final.",
                f"{place.ovation('submit')}    # if it does not run; else look at what it waits for",
                follows_from=deployment.sink,
            )


def dead_letters(place: Place, admin: KafkaAdminClient) -> Iterator[Finding]:
    """Yield what nobody could read of the last day."""
    topic = topics.DEAD_LETTERS
    if topic.name not in set(admin.list_topics()):
        return
    partitions = _partitions(admin, topic)
    ends = _offsets(admin, partitions, OffsetSpec.LATEST)
    since = _offsets(admin, partitions, int(time.time() * 1000) - 24 * HOUR_MS)
    letters = sum(ends[each] - since[each] for each in partitions if since[each] >= 0)
    if letters:
        yield warning(
            PART,
            f"{letters} record(s) of the last 24 hours could not be read, and are in `{topic.name}`.",
            "Something else than a gateway of this version writes into the topics. They are not counted.",
            f"kafka-console-consumer.sh --bootstrap-server {place.addresses.kafka_bootstrap} --topic {topic.name} "
            "--from-beginning --property print.headers=true",
        )


def _partitions(admin: KafkaAdminClient, topic: Topic) -> list[TopicPartition]:
    [described] = admin.describe_topics([topic.name])
    return [TopicPartition(topic.name, each["partition_index"]) for each in described["partitions"]]


def _offsets(
    admin: KafkaAdminClient, partitions: list[TopicPartition], spec: OffsetSpec | int
) -> dict[TopicPartition, int]:
    found = admin.list_partition_offsets(dict.fromkeys(partitions, spec))
    return {each: found[each].offset for each in partitions}
