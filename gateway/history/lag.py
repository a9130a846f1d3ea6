"""How far the history is behind: for how long the oldest tap or vote that is not in ClickHouse has been in Kafka.

Every second a gateway notes where `reactions` and `votes` end, and looks how far the history's deployments have
committed (`gateway.final.progress` says why what is committed is stored). Flink commits with each checkpoint, so a lag
of the time from one to the next, and the seconds that one takes, is as it should be.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import structlog
from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError

from contracts import topics
from gateway import metrics
from gateway.clock import Clock
from gateway.history.marks import Mark, Marks, Offsets
from gateway.kafka.admin import AdminThread
from gateway.tasks import end

log = structlog.get_logger(__name__)

GROUPS = {
    topics.REACTIONS.name: topics.consumer_group("reaction_window", "clickhouse"),
    topics.VOTES.name: topics.consumer_group("poll_dedup", "clickhouse"),
}
_LOOK_EVERY_S = 1.0
_STALE_MS = 5_000
_PAST_MS = [1_000 << power for power in reversed(range(20))]
"""From six days down to a second: where a gateway that starts behind looks for the marks that it did not note."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a topic at a time, in ms: its ends, the history's positions, and marks from before, if asked."""

    at: int
    ends: Offsets
    positions: Offsets
    past: tuple[Mark, ...] = ()

    @property
    def is_behind(self) -> bool:
        return any(self.positions[partition] < end for partition, end in self.ends.items())


class TopicLag:
    """The lag of one topic."""

    def __init__(self) -> None:
        self._marks = Marks()
        self._behind_since: int | None = None
        self._seen_at = 0

    def see(self, sight: Sight) -> None:
        for mark in (*sight.past, Mark(sight.at, sight.ends)):
            self._marks.note(mark)
        self._behind_since = self._marks.behind_since(sight.positions)
        self._seen_at = sight.at

    def seconds(self, now: int) -> float:
        """Return the lag. It grows while Kafka does not answer: whatever came since may be missing."""
        if self._behind_since is not None:
            return max(0, now - self._behind_since) / 1000
        unseen_ms = now - self._seen_at
        return unseen_ms / 1000 if unseen_ms > _STALE_MS else 0.0


class HistoryLag:
    """Looks every second, and keeps `ovation_history_lag_seconds`. A topic that was never seen has no value."""

    def __init__(self, kafka: AdminThread, clock: Clock) -> None:
        self._kafka = kafka
        self._clock = clock
        self._lags: dict[str, TopicLag] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="history-lag")

    async def close(self) -> None:
        await end(self._task)

    async def _run(self) -> None:
        while True:
            try:
                with suppress(KafkaError, OSError):  # which the value itself says, and `ovation_gateway_kafka_up`
                    await self.look()
            except Exception:
                log.exception("a look at the history's lag failed")
            await asyncio.sleep(_LOOK_EVERY_S)

    async def look(self) -> None:
        """Look once at every topic. Raises KafkaError or OSError when Kafka does not answer."""
        for topic, group in GROUPS.items():
            is_first = topic not in self._lags
            see = partial(_see, topic=topic, group=group, now=self._clock(), with_past=is_first)
            sight = await self._kafka.ask(see)
            lag = self._lags.setdefault(topic, TopicLag())
            lag.see(sight)
            if is_first:
                metrics.HISTORY_LAG.labels(topic).set_function(partial(self.seconds, topic))

    def slowest(self) -> float | None:
        """Return the lag of the topic that is furthest behind; None until every one was seen."""
        return max(map(self.seconds, GROUPS)) if self._lags.keys() == GROUPS.keys() else None

    def seconds(self, topic: str) -> float:
        """Return the lag of a topic that was seen."""
        return self._lags[topic].seconds(self._clock())


def _see(admin: KafkaAdminClient, topic: str, group: str, now: int, with_past: bool) -> Sight:
    [described] = admin.describe_topics([topic])
    partitions = [TopicPartition(topic, each["partition_index"]) for each in described["partitions"]]
    ends = _offsets(admin, partitions, OffsetSpec.LATEST)
    starts = _offsets(admin, partitions, OffsetSpec.EARLIEST)
    committed = admin.list_group_offsets({group: partitions})[group]
    # What Kafka no longer has is not waited for, nor is a partition of which nobody has committed anything.
    positions = {each: max(committed[each].offset, starts[each]) for each in partitions}
    sight = Sight(now, ends, positions)
    if not (with_past and sight.is_behind):
        return sight
    return Sight(now, ends, positions, tuple(_mark(admin, now - age, ends) for age in _PAST_MS))


def _mark(admin: KafkaAdminClient, at: int, ends: Offsets) -> Mark:
    """Return the mark that would have been noted then: the first records from that time on come after it."""
    found = _offsets(admin, list(ends), at)
    return Mark(at, {each: found[each] if found[each] >= 0 else end for each, end in ends.items()})


def _offsets(
    admin: KafkaAdminClient, partitions: list[TopicPartition], spec: OffsetSpec | int
) -> Mapping[TopicPartition, int]:
    return {each: at.offset for each, at in admin.list_partition_offsets(dict.fromkeys(partitions, spec)).items()}
