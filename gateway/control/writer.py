"""Writes streams and polls: in Kafka first, then in this gateway's own table, so that a caller reads what it wrote."""

import asyncio
from zlib import crc32

from contracts import topics
from gateway import problems
from gateway.control.model import Record, encode
from gateway.control.table import ControlTable
from gateway.kafka.outbox import NotTaken, Outbox, Uncertain
from gateway.refusal import Refused

_LOCKS = 64


class ControlWriter:
    """Writes to the topic `control`. `deadline_s` is how long a caller waits."""

    def __init__(self, outbox: Outbox, table: ControlTable, deadline_s: float) -> None:
        self._outbox = outbox
        self._table = table
        self._deadline_s = deadline_s
        self._locks = [asyncio.Lock() for _ in range(_LOCKS)]

    def alone(self, stream_id: str) -> asyncio.Lock:
        """Return the lock under which a stream and its polls are looked up and then written."""
        return self._locks[crc32(stream_id.encode()) % _LOCKS]

    async def write(self, record: Record) -> None:
        """Return once the record is in Kafka and in the table. Raises Refused when Kafka does not confirm in time."""
        written = self._outbox.send(topics.CONTROL.name, encode(record), key=record.key.encode(), partition=0)
        try:
            async with asyncio.timeout(self._deadline_s):
                await written
        except (TimeoutError, NotTaken, Uncertain) as error:
            raise Refused(problems.KAFKA_UNREACHABLE) from error
        self._table.apply(record)
