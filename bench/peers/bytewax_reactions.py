"""Taps by stream, one-second window and emoji with Bytewax.

Keyed by stream, as in `quix_reactions`. The state is in memory, with snapshots of what changed in SQLite after each
epoch.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bytewax.operators as op
import orjson
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.operators.windowing import EventClock, TumblingWindower, fold_window
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main

from bench.peers.meter import Meter, arguments
from contracts.windows import WINDOW_MS

EPOCH = datetime.fromtimestamp(0, UTC)
LATE = timedelta(minutes=1)
"""How much older than the newest of its stream a record may be. All of a replayed backlog count."""

Record = dict[str, Any]
Counts = dict[str, int]
Window = tuple[str, tuple[int, Counts]]


class Totals(DynamicSink[Window], StatelessSinkPartition[Window]):  # type: ignore[misc]
    """Adds windows that are closed to the totals."""

    def __init__(self) -> None:
        self.totals: Counter[str] = Counter()

    def build(self, step_id: str, worker_index: int, worker_count: int) -> "Totals":
        return self

    def write_batch(self, items: list[Window]) -> None:
        for stream_id, (_, counts) in items:
            self.totals.update({f"{stream_id} {emoji}": taps for emoji, taps in counts.items()})


def at(record: Record) -> datetime:
    return datetime.fromtimestamp(record["at"] / 1000, UTC)


def add(sums: Counts, record: Record) -> Counts:
    for emoji, taps in record["counts"].items():
        sums[emoji] = sums.get(emoji, 0) + taps
    return sums


def merge(sums: Counts, others: Counts) -> Counts:
    return add(sums, {"counts": others})


def main() -> None:
    """Count to the topic's end."""
    given = arguments()
    meter = Meter()
    totals = Totals()

    def read(message: KafkaSourceMessage[bytes, bytes]) -> tuple[str, Record]:
        meter.see()
        record = orjson.loads(message.value)
        return record["stream_id"], record

    flow = Dataflow("reactions")
    messages = op.input("records", flow, KafkaSource([given.bootstrap], [given.topic], tail=False))
    windows = fold_window(
        "windows",
        op.map("read", messages, read),
        EventClock(at, wait_for_system_duration=LATE),
        TumblingWindower(length=timedelta(milliseconds=WINDOW_MS), align_to=EPOCH),
        dict,
        add,
        merge,
        ordered=False,
    )
    op.output("totals", windows.down, totals)
    init_db_dir(Path(given.state_dir), 1)
    cli_main(flow, epoch_interval=timedelta(seconds=given.commit_s), recovery_config=RecoveryConfig(given.state_dir))
    meter.report(totals.totals)


if __name__ == "__main__":
    main()
