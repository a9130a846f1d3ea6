"""Micro-batches of votes: those that come within a few milliseconds and share a partition go as one record.

A client that writes 28,000 records a second so writes many more votes, and a vote waits for at most `linger_ms` more.
"""

import asyncio
import time
from functools import partial
from zlib import crc32

import msgspec

from contracts import events, topics
from contracts.limits import MAX_VOTES_PER_RECORD
from gateway import metrics, problems
from gateway.kafka.outbox import Outbox
from gateway.refusal import Refused

_Waiting = tuple[events.Vote, asyncio.Future[None]]


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
        self._batches: dict[int, list[_Waiting]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._waiting = 0

    async def write(self, vote: events.Vote) -> None:
        """Return once the vote is in Kafka with `acks=all`.

        Raises Refused when too many votes wait, or when Kafka did not confirm in time; the vote may then be counted or
        not, and a repeated one does no harm.
        """
        if self._waiting >= self._max_waiting:
            raise Refused(problems.TOO_MUCH_WAITING)
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        batch = self._batches.setdefault(self._partition(vote), [])
        batch.append((vote, written))
        self._count(1)
        if len(batch) >= MAX_VOTES_PER_RECORD:
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_later(self._linger_s, self._flush)
        started = time.perf_counter()
        try:
            await written
        finally:
            self._count(-1)
        metrics.VOTES.inc()
        metrics.VOTE_SECONDS.observe(time.perf_counter() - started)

    def _partition(self, vote: events.Vote) -> int:
        # The same voter goes the same way while the topic keeps its partitions; nothing depends on more than that.
        name = f"{vote['stream_id']}|{vote['poll_id']}|{vote['voter']}"
        return crc32(name.encode()) % self._outbox.partitions(topics.VOTES.name)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batches, self._batches = self._batches, {}
        loop = asyncio.get_running_loop()
        for partition, batch in batches.items():
            record: events.VotesRecord = {
                "v": 1,
                "region": self._region,
                "edge": self._edge,
                "votes": [vote for vote, _ in batch],
            }
            sent = self._outbox.send(topics.VOTES.name, msgspec.json.encode(record), partition=partition)
            deadline = loop.call_later(self._deadline_s, _refuse, batch)
            sent.add_done_callback(partial(_settle, batch, deadline))

    def _count(self, change: int) -> None:
        self._waiting += change
        metrics.VOTES_WAITING.set(self._waiting)


def _settle(batch: list[_Waiting], deadline: asyncio.TimerHandle, sent: asyncio.Future[None]) -> None:
    deadline.cancel()
    if sent.exception() is not None:
        _refuse(batch)
        return
    for _, written in batch:
        if not written.done():
            written.set_result(None)


def _refuse(batch: list[_Waiting]) -> None:
    for _, written in batch:
        if not written.done():
            metrics.VOTES_UNCONFIRMED.inc()
            written.set_exception(Refused(problems.KAFKA_UNREACHABLE))
