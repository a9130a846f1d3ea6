"""What the hand-written loop counts, and how it writes it: dictionaries, and what has changed in them."""

import time
from collections import defaultdict
from typing import Any

import pyarrow as pa

from contracts.picture.reactions import SCRIPT, StreamCounts, script_call
from contracts.windows import HOUR_MS, MINUTE_MS, WINDOW_MS
from jobs.settings import JobSettings
from jobs.sinks.clickhouse_client import MOMENT, InsertClient
from jobs.sinks.clickhouse_reactions import SUM_TABLES
from jobs.sinks.redis_client import ScriptClient

LENGTHS = {"window": WINDOW_MS, "minute": MINUTE_MS, "hour": HOUR_MS}

Record = dict[str, Any]


class Counts:
    """Sums that are written from time to time."""

    every_s = 0.0
    _written_at = 0.0

    def add(self, records: list[Record]) -> None:
        """Add the taps of `records`."""
        raise NotImplementedError

    def write(self) -> None:
        """Write what has changed."""
        raise NotImplementedError

    def write_if_due(self, at_once: bool) -> None:
        """Write if it is time to."""
        if at_once or time.monotonic() - self._written_at >= self.every_s:
            self.write()
            self._written_at = time.monotonic()


class Windows(Counts):
    """Taps by window, for nobody: the least that can be called counting."""

    def __init__(self) -> None:
        self._windows: defaultdict[tuple[str, int, str], int] = defaultdict(int)

    def add(self, records: list[Record]) -> None:
        windows = self._windows
        for record in records:
            stream_id, at = record["stream_id"], record["at"]
            start = at - at % WINDOW_MS
            for emoji, taps in record["counts"].items():
                windows[stream_id, start, emoji] += taps

    def write(self) -> None:
        pass


class Live(Counts):
    """Taps by window and in all, for Redis."""

    def __init__(self, settings: JobSettings) -> None:
        """Write to the Redis of `settings`."""
        self.every_s = settings.live_batch_ms / 1000
        self._client = ScriptClient(settings.redis_url.get_secret_value(), SCRIPT)
        self._windows: defaultdict[tuple[str, int, str], int] = defaultdict(int)
        self._totals: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._changed: set[tuple[str, int, str]] = set()

    def add(self, records: list[Record]) -> None:
        """Add the taps of `records`."""
        windows, totals, changed = self._windows, self._totals, self._changed
        for record in records:
            stream_id, at = record["stream_id"], record["at"]
            start = at - at % WINDOW_MS
            for emoji, taps in record["counts"].items():
                key = (stream_id, start, emoji)
                windows[key] += taps
                totals[stream_id, emoji] += taps
                changed.add(key)

    def write(self) -> None:
        """Write what has changed: a call for each stream, all of them in one round trip."""
        streams: defaultdict[str, StreamCounts] = defaultdict(StreamCounts)
        for stream_id, start, emoji in self._changed:
            counts = streams[stream_id]
            counts.newest = max(counts.newest, start)
            counts.windows.setdefault(start, {})[emoji] = self._windows[stream_id, start, emoji]
            counts.totals[emoji] = self._totals[stream_id, emoji]
        now_ms = time.time_ns() // 1_000_000
        self._client.run([script_call(name, counts, now_ms) for name, counts in streams.items()])
        self._changed.clear()


class History(Counts):
    """Taps by window, minute and hour of each region, for ClickHouse."""

    def __init__(self, settings: JobSettings) -> None:
        """Write to the ClickHouse of `settings`."""
        self.every_s = settings.history_batch_ms / 1000
        self._client = InsertClient(settings)
        self._sums: dict[str, defaultdict[tuple[str, int, str, str], int]] = {
            kind: defaultdict(int) for kind in LENGTHS
        }
        self._changed: dict[str, set[tuple[str, int, str, str]]] = {kind: set() for kind in LENGTHS}

    def add(self, records: list[Record]) -> None:
        """Add the taps of `records`."""
        for kind, length in LENGTHS.items():
            sums, changed = self._sums[kind], self._changed[kind]
            for record in records:
                stream_id, at, region = record["stream_id"], record["at"], record["region"]
                start = at - at % length
                for emoji, taps in record["counts"].items():
                    key = (stream_id, start, emoji, region)
                    sums[key] += taps
                    changed.add(key)

    def write(self) -> None:
        """Insert what has changed."""
        for kind, changed in self._changed.items():
            stream_ids, starts, emojis, regions = zip(*changed, strict=True) if changed else ((), (), (), ())
            table = SUM_TABLES[kind]
            start = pa.array(starts, pa.int64()).cast(MOMENT).cast(table.start_type)
            taps = pa.array([self._sums[kind][key] for key in changed], pa.uint64())
            rows = [pa.array(stream_ids), start, pa.array(emojis), pa.array(regions), taps, taps]
            names = ["stream_id", table.start, "emoji", "region", "reactions", "version"]
            self._client.insert(table.name, pa.table(rows, names=names))
            changed.clear()
