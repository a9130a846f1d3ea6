"""Where in Kafka a span of time is, and whether all of it is still there."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, OffsetSpec
from kafka.errors import KafkaError

from contracts.kafka_login import PLAINTEXT, KafkaLogin
from contracts.topics import HOUR_MS, Topic
from ovation.backfill.span import Span, shown
from ovation.errors import OvationError
from ovation.kafka_admin import connected, partitions

TIMEOUT_S = 10.0
CLOCKS_MS = 60_000
"""How much earlier than its own time a record may stand in Kafka, where the broker's clock stamps it."""

Positions = dict[int, int]
"""Offset by partition."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The records of `topic` from `start` on and before `end`, partition by partition."""

    topic: Topic
    start: Positions
    end: Positions

    @property
    def records(self) -> int:
        return sum(self.end[number] - self.start[number] for number in self.start)

    @property
    def words(self) -> tuple[str, str, str]:
        """The topic and both positions, as a job's command line takes them."""
        return self.topic.name, _notation(self.start), _notation(self.end)


def _notation(positions: Positions) -> str:
    return ";".join(f"partition:{number},offset:{offset}" for number, offset in positions.items())


def find(
    bootstrap: str, topics: Sequence[Topic], span: Span, late_h: int, login: KafkaLogin = PLAINTEXT
) -> list[Stretch]:
    """Return where each of `topics` holds `span`, and `late_h` hours more for what gateways wrote late.

    Raises OvationError when Kafka does not answer, or does not retain the whole span, or holds nothing of it.
    """
    try:
        with connected(bootstrap, login, TIMEOUT_S) as admin:
            found = [_find(admin, topic, span, late_h) for topic in topics]
    except KafkaError as error:
        raise OvationError(f"Kafka at {bootstrap} does not say what it holds: {error}. {login.doubt}") from error
    if not any(stretch.records for stretch in found):
        names = " and ".join(topic.name for topic in topics)
        raise OvationError(f"Kafka holds no record of {names} from {span}.")
    return found


def _find(admin: Any, topic: Topic, span: Span, late_h: int) -> Stretch:
    if topic.name not in admin.list_topics():
        raise OvationError(f"Kafka has no topic {topic.name}: `ovation migrate` creates it.")
    places = partitions(admin, topic)

    def at(spec: Any) -> dict[TopicPartition, Any]:
        found: dict[TopicPartition, Any] = admin.list_partition_offsets(dict.fromkeys(places, spec))
        return found

    earliest, latest, first = at(OffsetSpec.EARLIEST), at(OffsetSpec.LATEST), at(0)
    lost = [place for place in places if earliest[place].offset > 0]
    _require_retained(
        admin, topic, span, [first[place].timestamp if first[place].offset >= 0 else None for place in lost]
    )
    begin, end = at(span.since_ms - CLOCKS_MS), at(span.until_ms + late_h * HOUR_MS)

    def offset(found: Any, place: TopicPartition) -> int:
        # No record is that new: the position is the end.
        return int(found[place].offset if found[place].offset >= 0 else latest[place].offset)

    return Stretch(
        topic,
        {place.partition: offset(begin, place) for place in places},
        {place.partition: offset(end, place) for place in places},
    )


def _require_retained(admin: Any, topic: Topic, span: Span, oldest: list[int | None]) -> None:
    """Refuse a span of which Kafka may have deleted something.

    `oldest` are the times of the oldest records in the partitions that have lost some, None where one has lost all.
    Kafka deletes what is older than the topic's retention: what is younger is there, however little a partition has.
    """
    if all(at_ms is not None and at_ms <= span.since_ms for at_ms in oldest):
        return
    resource = ConfigResource(ConfigResourceType.TOPIC, topic.name)
    config = admin.describe_configs([resource], config_filter="all")["topic"][topic.name]
    retention_ms, retention_bytes = (int(config[name]["value"]) for name in ("retention.ms", "retention.bytes"))
    now_ms = time.time_ns() // 1_000_000
    young_ms = now_ms - retention_ms if retention_ms >= 0 and retention_bytes < 0 else now_ms
    retained_ms = max(min(at_ms if at_ms is not None else now_ms, young_ms) for at_ms in oldest)
    if span.since_ms < retained_ms:
        raise OvationError(
            f"Kafka no longer holds all of {span}: {topic.name} is retained since {shown(retained_ms)} UTC. "
            f"Give a later --from, or leave this topic out with --only, or import a file."
        )
