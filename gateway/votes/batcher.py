"""Micro-batches of votes: those that come within a few milliseconds and share a partition go as one record.

A client that writes 28,000 records a second so writes many more votes. The first vote waits `linger_ms` for company.
While a record of its partition is on its way the client would hold the next one back anyway, so votes gather until that
one is confirmed, for at most `_GATHER_S` and no less than `linger_ms`: the more there is to do, the larger the records.
"""

import asyncio
from collections import Counter
from functools import partial

import msgspec

from contracts import buckets, events, topics
from contracts.limits import MAX_VOTES_PER_RECORD
from gateway import metrics, problems
from gateway.kafka.outbox import Outbox
from gateway.refusal import Refused
from gateway.votes.batch import Batch, Done

_GATHER_S = 0.025
TOO_OLD_S = 1.0
"""A batch that has waited for so long in this process has seen it hang: its poll may have been counted meanwhile."""


class VoteBatcher:
    """Writes votes and answers when Kafka has them. Lives on the event loop."""

    def __init__(
        self, outbox: Outbox, *, region: str, edge: str, linger_ms: int, deadline_ms: int, max_waiting: int
    ) -> None:
        self._outbox = outbox
        self._region = region
        self._edge = edge
        self._linger_s = linger_ms / 1000
        self._deadline_s = deadline_ms / 1000
        self._max_waiting = max_waiting
        self._gathering: dict[int, Batch] = {}
        self._on_the_way: Counter[int] = Counter()
        self._waiting = 0
        metrics.VOTES_WAITING.set_function(lambda: self._waiting)

    def submit(self, vote: events.Vote, done: Done) -> None:
        """Write a vote, and call `done` once it is in Kafka with `acks=all`, or is not in time.

        Raises Refused when too many votes wait already; `done` is then never called. A vote that Kafka did not confirm
        in time may be counted or not, and a repeated one does no harm.
        """
        if self._waiting >= self._max_waiting:
            raise Refused(problems.TOO_MUCH_WAITING)
        self._waiting += 1
        partition = buckets.partition(vote["voter"], self._outbox.partitions(topics.VOTES.name))
        batch = self._gathering.get(partition)
        if batch is None:
            batch = self._gathering[partition] = Batch()
            delay_s = _GATHER_S if self._on_the_way[partition] else self._linger_s
            batch.arm(asyncio.get_running_loop().call_later(delay_s, self._send, partition))
        batch.add(vote, done)
        if len(batch.votes) >= MAX_VOTES_PER_RECORD:
            self._send(partition)

    def _send(self, partition: int) -> None:
        batch = self._gathering.pop(partition)
        if batch.age_s() > TOO_OLD_S:
            batch.arm(None)
            self._refuse(batch)
            return
        record: events.VotesRecord = {"v": 1, "region": self._region, "edge": self._edge, "votes": batch.votes}
        sent = self._outbox.send(topics.VOTES.name, msgspec.json.encode(record), partition=partition)
        self._on_the_way[partition] += 1
        batch.arm(asyncio.get_running_loop().call_later(self._deadline_s, self._refuse, batch))
        sent.add_done_callback(partial(self._settled, partition, batch))

    def _settled(self, partition: int, batch: Batch, sent: asyncio.Future[None]) -> None:
        batch.arm(None)
        self._on_the_way[partition] -= 1
        if sent.exception() is None:
            self._waiting -= batch.confirm()
        else:
            self._refuse(batch)
        gathering = self._gathering.get(partition)
        if gathering is not None and not self._on_the_way[partition]:
            lingers_s = min(self._linger_s, _GATHER_S) - gathering.age_s()
            if lingers_s > 0:
                gathering.arm(asyncio.get_running_loop().call_later(lingers_s, self._send, partition))
            else:
                self._send(partition)

    def _refuse(self, batch: Batch) -> None:
        self._waiting -= batch.refuse()
