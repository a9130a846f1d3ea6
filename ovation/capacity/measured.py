"""Unit costs: what a thing of each kind costs, from what the bench has found. In seconds of a core, or bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ovation.capacity.files import Part, read
from ovation.capacity.fit import fit
from ovation.capacity.growth import Point, points
from ovation.capacity.load import Load
from ovation.capacity.pace import Pace

SUMS = ("gateway: taps to records", "kafka", "taskmanagers", "python workers", "redis", "clickhouse")
"""Parts of the growth curves whose unit costs are fitted."""
COMMANDS_OF_A_CALL = 6
"""Of a script call beside its counts: itself, two expiries, two reads, the publication."""
COMMANDS_OF_A_CHANGE = 2
BALLOT_BYTES = 33.0
"""In ClickHouse, merged: sql/migrations says so of its own data."""


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """What one thing costs. A part's costs are by the features of `features`, `second` being what it costs anyhow."""

    frame_s: float
    """A frame of taps in its gateway, answered."""
    wake_s: float
    """And once for all frames of a socket that lie ready at once."""
    request_s: float
    """A tap by HTTP."""
    message_s: float
    """A message to a screen."""
    socket_bytes: float
    vote_s: float
    """A durable vote in its gateway."""
    ballot_jvm_s: float
    """A vote in one deployment of poll_dedup."""
    ballot_python_s: float
    record_s: float
    """A record of taps in the JVM, in both deployments of reaction_window together, at full load."""
    row_s: float
    """A row in ClickHouse, inserted and merged."""
    mirror: dict[str, float]
    """Of a mirror that copies all the time, by `second` and by `records` from other regions."""
    copies: dict[str, float]
    """The same of the broker that it writes to."""
    parts: dict[str, dict[str, float]]
    """By part of `SUMS`, seconds of a core for each feature."""
    kafka_bytes: dict[str, float]
    kept_bytes: dict[str, float]
    live_batch_s: float
    """A mini-batch for screens as it comes out: what gathers while Python writes goes as one."""


def features(part: str, load: Load) -> dict[str, float]:
    """Return what of a load costs a part anything, as far as growth curves tell it apart."""
    every = {"second": 1.0}
    if part == "gateway: taps to records":
        return {"taps": load.taps, "records": load.records, "entries": load.entries, "gateways": load.gateways}
    if part == "kafka":
        return {**every, "batches": load.batches}
    if part == "taskmanagers":
        return {**every, "records": load.records_counted, "changes": load.redis.changes}
    if part == "python workers":
        return {**every, "changes": load.redis.changes, "rows": load.rows}
    if part == "redis":
        return {**every, "calls": load.redis.calls, "changes": load.redis.changes}
    return {**every, "rows": load.rows_sent}


def kafka_features(load: Load) -> dict[str, float]:
    """Return what of a load takes room in Kafka."""
    written = {"batches": load.batches, "records": load.records, "entries": load.entries}
    return {**{name: load.regions * value for name, value in written.items()}, "named": load.named}


def kept_features(load: Load) -> dict[str, float]:
    """Return what of a load takes room in ClickHouse."""
    return {"sums": load.kept_sums, "named": load.named}


def commands(load: Load) -> float:
    """Return the commands of Redis in script calls, those within scripts included."""
    return COMMANDS_OF_A_CALL * load.redis.calls + COMMANDS_OF_A_CHANGE * load.redis.changes


def unit_costs(folder: Path, pace: Pace | None = None) -> UnitCosts:
    """Return the unit costs of what stands in `folder`. Raises OvationError where something is missing there."""
    frames, taps, delivery = read(folder, "frames"), read(folder, "taps"), read(folder, "delivery")
    durable, polls, stores = read(folder, "durable"), read(folder, "polls"), read(folder, "stores")
    mirror, growth = read(folder, "mirror"), list(points(read(folder, "growth")))
    alone = 1 / frames.figure("taps by socket, limits, checks, sums and answers on, a frame at a time")
    of_eight = 1 / frames.figure("taps by socket, limits, checks, sums and answers on, 8 frames at a time")
    wake = (alone - of_eight) * 8 / 7
    costs = UnitCosts(
        frame_s=alone - wake,
        wake_s=wake,
        request_s=1 / taps.figure("taps by HTTP, token, limits, checks and sums on"),
        message_s=1 / delivery.figure("messages to"),
        socket_bytes=1024 * delivery.figure("an idle socket"),
        vote_s=1 / durable.figure("durable votes"),
        ballot_jvm_s=1e-6 * polls.figure("poll job, state in RocksDB: of a vote, the JVM"),
        ballot_python_s=1e-6 * polls.figure("poll job, state in RocksDB: of a vote, Python workers"),
        record_s=1e-6 * read(folder, "reactions").figure("of a record, both sinks: the JVM"),
        row_s=1 / stores.figure("limit: ClickHouse alone, rows inserted and merged"),
        mirror=_of_mirrored(mirror, "the mirror"),
        copies=_of_mirrored(mirror, "the broker"),
        parts={},
        kafka_bytes={},
        kept_bytes={},
        live_batch_s=0.0,
    )
    return fitted(costs, growth, pace or Pace())


def mirrored_features(load: Load) -> dict[str, float]:
    """Return what of a load costs a mirror, and the broker that it writes to, anything: nothing of one region's."""
    return {"second": float(load.regions > 1), "records": load.mirrored}


def _of_mirrored(mirror: Part, what: str) -> dict[str, float]:
    """Return the line through what few records took and what many took: most is of a transaction's, not a record's."""
    paces = ("few records", "many records")
    rows = [{"second": 1.0, "records": mirror.figure(f"{pace}, by the second")} for pace in paces]
    return fit(rows, [mirror.figure(f"{pace}: {what}") for pace in paces])


def fitted(costs: UnitCosts, growth: Sequence[Point], pace: Pace) -> UnitCosts:
    """Return the costs with those that are fitted to points of the growth curves."""
    batch_s = live_batch(growth, pace)
    loads = [point.load(replace(pace, live_batch_s=batch_s)) for point in growth]
    # What a bench measured at full load stays; the curves, of which no point is, say what comes beside it.
    known = {"taskmanagers": {"records": costs.record_s}, "clickhouse": {"rows": costs.row_s}}

    def cores_of(part: str) -> dict[str, float]:
        rows = [features(part, load) for load in loads]
        return fit(rows, [point.cores[part] for point in growth], known.get(part))

    def bytes_of(name: str, rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
        return fit(rows, [point.written[name] for point in growth])

    return replace(
        costs,
        parts={part: cores_of(part) for part in SUMS},
        kafka_bytes=bytes_of("kafka bytes", [kafka_features(load) for load in loads]),
        kept_bytes=bytes_of("kept bytes", [kept_features(load) for load in loads]),
        live_batch_s=batch_s,
    )


def live_batch(growth: Sequence[Point], pace: Pace) -> float:
    """Return the length of a live batch with which the formulae come nearest to the Redis commands that were counted.

    Points where the machine was full are left out: there batches wait for each other.
    """
    free = [point for point in growth if not point.is_crowded]

    def error(batch_s: float) -> float:
        paced = replace(pace, live_batch_s=batch_s)
        found = [np.log(commands(each.load(paced)) / each.written["redis commands"]) for each in free]
        return float(np.square(found).sum())

    lengths = np.linspace(pace.live_batch_s, 3 * pace.live_batch_s, 81)
    return float(min(lengths, key=error)) if free else pace.live_batch_s
