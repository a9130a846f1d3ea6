"""The topic `control` as several writers of one test share it: a list that every reader has read at once."""

import asyncio
from collections.abc import Collection

from gateway.clock import Clock
from gateway.control import model
from gateway.control.repair import Repair
from gateway.control.table import ControlTable
from gateway.control.writer import ControlWriter
from tests.gateway.records import AT


class Log:
    """Records in their order, and the gateways that read them. While `held`, what is sent waits."""

    def __init__(self) -> None:
        self.records: list[model.Record] = []
        self.held = False
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._readers: list[tuple[ControlTable, Repair]] = []

    def send(
        self, topic: str, value: bytes, *, key: bytes | None = None, partition: int | None = None
    ) -> asyncio.Future[None]:
        record = model.decode(value)
        assert (topic, key, partition) == ("control", record.key.encode(), 0)
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((value, written))
        if not self.held:
            self.release()
        return written

    def partitions(self, topic: str) -> int:
        return 1

    def release(self) -> None:
        """Append what waits, in the order in which it was sent."""
        self.held = False
        waiting, self._waiting = self._waiting, []
        for value, written in waiting:
            self.append(model.decode(value))
            if not written.done():
                written.set_result(None)

    def append(self, record: model.Record) -> None:
        self.records.append(record)
        for table, repair in self._readers:
            repair.see(record, table.apply(record))

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def gateway(
        self,
        edge: str,
        deadline_s: float = 1,
        clock: Clock = lambda: AT,
        region: str = "eu",
        other_regions: Collection[str] = (),
    ) -> tuple[ControlTable, ControlWriter]:
        """Return table and writer of one more gateway, which has read all there is.

        With other regions the log stands for theirs, too: a mirror that needs no time.
        """
        table = ControlTable(clock, other_regions)
        repair = Repair(self, table, edge)
        for record in self.records:
            table.apply(record)
        table.ready = True
        self._readers.append((table, repair))
        return table, ControlWriter(self, table, clock, region=region, edge=edge, deadline_s=deadline_s)
