"""The records in Kafka: how far each deployment has read, and what could not be read."""

import time
from collections.abc import Iterator

from kafka import KafkaAdminClient
from kafka.admin import OffsetSpec

from contracts import topics
from contracts.topics import HOUR_MS
from ovation.deployments import DEPLOYMENTS
from ovation.doctor.finding import Finding, broken, warning
from ovation.doctor.place import Place
from ovation.kafka_admin import partitions
from ovation.lag import READS, offsets, reading

PART = "kafka"
BEHIND_S = 60
"""Deployments commit with each checkpoint, every 10 seconds, so 15 are nothing."""


def behind(place: Place, admin: KafkaAdminClient) -> Iterator[Finding]:
    """Yield each deployment that has not read what Kafka has had for `BEHIND_S`."""
    since = int(time.time() * 1000) - BEHIND_S * 1000
    there = set(admin.list_topics())
    for deployment in DEPLOYMENTS:
        topic = READS[deployment.job]
        if topic.name not in there:
            continue
        found = reading(admin, deployment)
        # The first record from that time on, or none: then everything is older.
        then = offsets(admin, list(found.ends), since)
        old = {each: then[each] if then[each] >= 0 else end for each, end in found.ends.items()}
        if any(found.done[each] < old[each] for each in old):
            yield broken(
                PART,
                f"{deployment.name} has {found.left} record(s) of `{topic.name}` still to read, the oldest for more "
                f"than {BEHIND_S} s.",
                "Screens are behind." if deployment.sink == "redis" else "History is behind, and no result is final.",
                f"{place.ovation('submit')}    # if it does not run; else look at what it waits for",
                follows_from=deployment.sink,
            )


def dead_letters(place: Place, admin: KafkaAdminClient) -> Iterator[Finding]:
    """Yield what nobody could read of the last day."""
    topic = topics.DEAD_LETTERS
    if topic.name not in set(admin.list_topics()):
        return
    parts = partitions(admin, topic)
    ends = offsets(admin, parts, OffsetSpec.LATEST)
    since = offsets(admin, parts, int(time.time() * 1000) - 24 * HOUR_MS)
    letters = sum(ends[each] - since[each] for each in parts if since[each] >= 0)
    if letters:
        yield warning(
            PART,
            f"{letters} record(s) of the last 24 hours could not be read, and are in `{topic.name}`.",
            "Something else than a gateway of this version writes into the topics. They are not counted.",
            f"kafka-console-consumer.sh --bootstrap-server {place.addresses.kafka_bootstrap} --topic {topic.name} "
            "--from-beginning --property print.headers=true",
        )
