"""How far the jobs have come with `votes`: what they have written to their stores, and what there is.

Flink commits a deployment's offsets with each checkpoint, and before a checkpoint everything read is in the store. So
once both deployments have committed the offsets that were the ends of the topic, both stores hold every vote before.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError

from contracts import topics
from gateway.kafka.connect import connect

T = TypeVar("T")

Offsets = Mapping[TopicPartition, int]
"""Partition to the offset after its last record. A partition without records is not in it: nothing of it is read, so
nobody commits anything."""

GROUPS = [topics.consumer_group("poll_dedup", sink) for sink in ("redis", "clickhouse")]
_REQUEST_MS = 3_000


class VotesProgress:
    """Asks Kafka on a thread of its own, over one connection that is made when first needed.

    Everything raises KafkaError or OSError when Kafka does not answer, and connects again the next time.
    """

    def __init__(self, bootstrap: str) -> None:
        self._config: dict[str, Any] = {
            "bootstrap_servers": bootstrap.split(","),
            "client_id": "ovation-progress",
            "request_timeout_ms": _REQUEST_MS,
            "bootstrap_timeout_ms": _REQUEST_MS,
            "reconnect_backoff_max_ms": 1_000,
        }
        self._admin: KafkaAdminClient | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="votes-progress")

    async def ends(self) -> Offsets:
        """Return where `votes` ends now."""
        return await self._ask(_ends)

    async def has_passed(self, ends: Offsets) -> bool:
        """Return whether both deployments have come to `ends`, so that both stores hold every vote before."""
        return await self._ask(lambda admin: _has_passed(admin, ends))

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)

    async def _ask(self, question: Callable[[KafkaAdminClient], T]) -> T:
        def ask() -> T:
            if self._admin is None:
                self._admin = connect(KafkaAdminClient, self._config)
            try:
                return question(self._admin)
            except BaseException:
                # Whatever it was, a fresh connection knows of no broker that is gone.
                self._disconnect()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, ask)

    def _disconnect(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            with suppress(KafkaError, OSError):
                admin.close()


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
