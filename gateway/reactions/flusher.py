"""Moves sums of taps to Kafka every few milliseconds, and leaves them adding up while Kafka is slow or away.

Backpressure is by not flushing: when `max_unacked` records are on their way, taps go on adding up in the aggregate,
where an outage costs one sum per stream, window and emoji, instead of a record per flush. The first tap after a quiet
time goes at once; after that, one flush per `flush_ms`.
"""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from contracts import events, topics
from contracts.traces import Traces
from contracts.windows import window_start
from gateway import metrics, problems
from gateway.clock import Clock, now_ms
from gateway.kafka.outbox import NotTaken, Outbox
from gateway.reactions.aggregate import Aggregate, Sum
from gateway.reactions.reactors import Reactors
from gateway.refusal import Refused

log = structlog.get_logger(__name__)

_RETRY_S = 0.5


class Flusher:
    """Takes taps and sees to it that each reaches Kafka once. Lives on the event loop."""

    def __init__(
        self,
        outbox: Outbox,
        aggregate: Aggregate,
        *,
        region: str,
        edge: str,
        flush_ms: int,
        max_unacked: int,
        left: Callable[[str, int], None] = lambda _stream_id, _at_ms: None,
        partition: Callable[[str, int], int | None] = lambda _stream_id, _taps: None,
        traces: Traces | None = None,
        clock: Clock = now_ms,
    ) -> None:
        """`left` is told the stream of each record that leaves, and when its taps were taken.

        `partition` chooses that of a record, by its stream and taps; None leaves it to the stream's key.
        `traces` is told how long records took from their first tap until Kafka had them.
        """
        self._outbox = outbox
        self._aggregate = aggregate
        self._region = region
        self._edge = edge
        self._flush_s = flush_ms / 1000
        self._max_unacked = max_unacked
        self._left = left
        self._partition = partition
        self._traces = traces
        self._clock = clock
        self._unacked: dict[asyncio.Future[None], Sum] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._flushed_at = float("-inf")
        self._stopping = False
        metrics.TAPS_WAITING.set_function(lambda: aggregate.waiting)
        metrics.TAP_RECORDS_UNACKED.set_function(lambda: len(self._unacked))

    def take(
        self,
        stream_id: str,
        at_ms: int,
        counts: dict[str, int],
        total: int,
        second: int | None = None,
        reactors: Reactors | None = None,
    ) -> None:
        """Take checked taps, `total` of them, that were made at `at_ms`; the rest as `Aggregate.add`.

        Raises Refused when too much waits, or when the gateway is stopping.
        """
        if self._stopping:
            raise Refused(problems.STOPPING)
        if not total:
            return
        if not self._aggregate.add(stream_id, at_ms, counts, second, reactors):
            raise Refused(problems.TOO_MUCH_WAITING)
        metrics.TAPS.inc(total)
        if self._timer is None and len(self._unacked) < self._max_unacked:
            self._arm()

    async def drain(self, deadline_s: float) -> int:
        """Take nothing more, write what waits, and return how many taps were left when the deadline passed."""
        self._stopping = True
        self._flush()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + deadline_s
        while (self._unacked or self._aggregate) and loop.time() < deadline:
            await asyncio.sleep(self._flush_s)
            self._flush()
        left = self._aggregate.taps + sum(each.taps for each in self._unacked.values())
        if left:
            metrics.TAPS_LOST.inc(left)
            log.error("taps were left when the gateway stopped", taps=left, deadline_s=deadline_s)
        return left

    def _arm(self, at_least_s: float = 0) -> None:
        loop = asyncio.get_running_loop()
        delay = max(self._flushed_at + self._flush_s - loop.time(), at_least_s)
        self._timer = loop.call_later(delay, self._flush)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._flushed_at = asyncio.get_running_loop().time()
        for each in self._aggregate.take(self._max_unacked - len(self._unacked)):
            partition = self._partition(each.stream_id, each.taps)
            value, key = self._encode(each), each.stream_id.encode()
            written = self._outbox.send(topics.REACTIONS.name, value, key=key, partition=partition)
            self._unacked[written] = each
            self._left(each.stream_id, each.at_ms)
            written.add_done_callback(self._settled)
        if self._aggregate and len(self._unacked) < self._max_unacked:
            self._arm()

    def _settled(self, written: asyncio.Future[None]) -> None:
        each = self._unacked.pop(written)
        error = written.exception()
        retry_s = 0.0
        if error is None:
            metrics.TAP_RECORDS.inc()
            if self._traces is not None:
                start, now = window_start(each.at_ms), self._clock()
                self._traces.span(
                    "taps into Kafka", each.stream_id, start, each.at_ms, now, taps=each.taps, edge=self._edge
                )
        elif isinstance(error, NotTaken):
            log.warning("kafka refused taps; they are sent again", taps=each.taps, reason=str(error))
            self._aggregate.put_back(each)
            retry_s = _RETRY_S
        else:
            log.error("kafka may or may not have taps; they are not sent again", taps=each.taps, reason=str(error))
            metrics.TAPS_UNCERTAIN.inc(each.taps)
        if self._aggregate and self._timer is None and len(self._unacked) < self._max_unacked:
            self._arm(retry_s)

    def _encode(self, each: Sum) -> bytes:
        record: events.ReactionsRecord = {
            "v": 1,
            "stream_id": each.stream_id,
            "region": self._region,
            "edge": self._edge,
            "at": each.at_ms,
            "counts": each.counts,
        }
        if each.video is not None:
            record["video"] = {str(second): counts for second, counts in each.video.items()}
        if each.reactors is not None and each.reactors.hashes:
            record["reactors"] = {"level": each.reactors.level, "hashes": list(each.reactors.hashes)}
        return msgspec.json.encode(record)
