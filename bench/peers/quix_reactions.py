"""Taps by stream, one-second window and emoji with Quix Streams.

A record is keyed by its stream, so its counts are added up under that key as they are: a `group_by` emoji would send
every count through Kafka once more. The state is RocksDB, with a changelog topic behind it, as is the default.
"""

from collections import Counter
from typing import Any

from quixstreams.dataframe.windows.aggregations import Aggregator

from bench.peers.meter import Meter, arguments
from bench.peers.quix import application
from contracts.windows import WINDOW_MS

GRACE_MS = 60_000
"""How much older than the newest of its stream a record may be. All of a replayed backlog count."""

Counts = dict[str, int]


class Taps(Aggregator):  # type: ignore[misc]
    """The sum of each emoji."""

    def initialize(self) -> Counts:
        return {}

    def agg(self, old: Counts, new: dict[str, Any], timestamp: int) -> Counts:
        for emoji, taps in new["counts"].items():
            old[emoji] = old.get(emoji, 0) + taps
        return old

    def result(self, value: Counts) -> Counts:
        return value


def main() -> None:
    """Count until all records are seen."""
    given = arguments()
    meter = Meter()
    windows: dict[tuple[str, int], Counts] = {}
    app = application(given)
    topic = app.topic(
        given.topic,
        key_deserializer="str",
        value_deserializer="json",
        timestamp_extractor=lambda value, *_: value["at"],
    )

    def seen(value: dict[str, Any]) -> None:
        meter.see()
        if meter.records == given.records:
            app.stop()

    def show(window: dict[str, Any], key: str, *_: Any) -> None:
        windows[key, window["start"]] = window["counts"]

    taps = app.dataframe(topic).update(seen).tumbling_window(WINDOW_MS, GRACE_MS).agg(counts=Taps()).current()
    taps.update(show, metadata=True)
    app.run()
    totals: Counter[str] = Counter()
    for (stream_id, _), counts in windows.items():
        totals.update({f"{stream_id} {emoji}": taps for emoji, taps in counts.items()})
    meter.report(totals)


if __name__ == "__main__":
    main()
