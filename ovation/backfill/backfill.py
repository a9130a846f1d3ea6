"""From a span of time or some files to the rows in ClickHouse, and the look whether they are there."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from clickhouse_connect.driver.exceptions import ClickHouseError

from contracts import regions, topics
from ovation.addresses import Addresses
from ovation.backfill import Kind, flink, store, stretch
from ovation.backfill import files as past
from ovation.backfill.files import Contents
from ovation.backfill.flink import Run
from ovation.backfill.span import Span
from ovation.backfill.store import Part, Sums
from ovation.clickhouse import connect
from ovation.errors import OvationError

JOBS: Mapping[Kind, str] = {"reactions": "reaction_window", "votes": "poll_dedup"}
TOPICS = {"reactions": topics.REACTIONS, "votes": topics.VOTES}
STORED: Mapping[Kind, Callable[[Any, Sequence[Part]], dict[Part, Sums]]] = {
    "reactions": store.stored_windows,
    "votes": store.stored_ballots,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run wrote, and what ClickHouse then held of the same hours or polls.

    `missing` are those of which it held less: what was to be there, and what was.
    """

    kind: Kind
    written: Sums
    stored: Sums
    missing: Mapping[Part, tuple[Sums, Sums]]


@contextmanager
def ready(addresses: Addresses) -> Iterator[Any]:
    """Yield a client of ClickHouse once everything is there that a run needs. Raises OvationError.

    A job would wait for a store that is away, and somebody for the job.
    """
    client = connect(
        addresses.clickhouse_url, addresses.clickhouse_user, addresses.clickhouse_password.get_secret_value()
    )
    with closing(client):
        try:
            for stored in STORED.values():
                stored(client, [("-", "0")])
        except ClickHouseError as error:
            raise OvationError(f"ClickHouse lacks tables, which `ovation migrate` makes: {error}") from error
        yield client


def from_files(
    addresses: Addresses,
    client: Any,
    paths: Sequence[Path],
    contents: Contents,
    kinds: Sequence[Kind],
    span: Span | None,
    report: flink.Report,
) -> list[Outcome]:
    """Count the records of files that were looked through: those of `span`, or all. Raises OvationError."""
    with tempfile.TemporaryDirectory(prefix="ovation-backfill-") as name:
        folder = Path(name) / "records"
        folder.mkdir()
        for number, path in enumerate(paths):
            # Names of our own: Flink passes by what begins with a dot or an underscore.
            (folder / f"{number}.json{'.gz' if past.packed(path) else ''}").symlink_to(path.resolve())
        counts = {kind: contents.records[kind] for kind in kinds if contents.records[kind]}
        if not counts:
            raise OvationError(f"The files hold no record of {' or '.join(kinds)}.")
        runs = {kind: Run(JOBS[kind], ("--files", folder.as_uri()), count) for kind, count in counts.items()}
        return _execute(addresses, client, runs, span, Path(name), report)


def from_kafka(
    addresses: Addresses, client: Any, span: Span, late_h: int, kinds: Sequence[Kind], report: flink.Report
) -> list[Outcome]:
    """Count again what Kafka retains of `span`, of all regions. Raises OvationError."""
    everywhere = {
        kind: [TOPICS[kind], *(regions.mirrored(TOPICS[kind], region) for region in addresses.other_regions)]
        for kind in kinds
    }
    found = stretch.find(
        addresses.kafka_bootstrap,
        [topic for of in everywhere.values() for topic in of],
        span,
        late_h,
        addresses.kafka_login,
    )
    runs = {}
    for kind, of in everywhere.items():
        there = [each for each in found if each.topic in of and each.records]
        words = [word for each in there for word in ("--stretch", *each.words)]
        if there:
            runs[kind] = Run(JOBS[kind], tuple(words), sum(each.records for each in there))
    with tempfile.TemporaryDirectory(prefix="ovation-backfill-") as name:
        return _execute(addresses, client, runs, span, Path(name), report)


def _execute(
    addresses: Addresses,
    client: Any,
    runs: Mapping[Kind, Run],
    span: Span | None,
    folder: Path,
    report: flink.Report,
) -> list[Outcome]:
    if not runs:
        return []
    broken_off = Event()

    def one(kind: Kind) -> Outcome:
        return _run(kind, runs[kind], span, addresses, folder, client, report, broken_off)

    with ThreadPoolExecutor(len(runs)) as pool:
        try:
            ours = [pool.submit(one, kind) for kind in runs]
            for done in as_completed(ours):
                done.result()
        except BaseException:
            # The pool is left once both runs have ended: by themselves that may take an hour.
            broken_off.set()
            raise
        return [each.result() for each in ours]


def _run(
    kind: Kind,
    run: Run,
    span: Span | None,
    addresses: Addresses,
    folder: Path,
    client: Any,
    report: flink.Report,
    broken_off: Event,
) -> Outcome:
    own = folder / run.job
    own.mkdir()
    summary = own / "summary"
    between = ["--since", str(span.since_ms), "--until", str(span.until_ms)] if span else []
    whole = Run(run.job, (*run.arguments, *between, "--summary", summary.as_uri()), run.records)
    flink.execute(whole, addresses, own, report, broken_off)
    written = store.written(summary)
    try:
        stored = STORED[kind](client, list(written)) if written else {}
    except ClickHouseError as error:
        raise OvationError(f"{run.job} has written, but ClickHouse does not say what it holds: {error}") from error
    nothing = Sums(0, 0)
    missing = {
        part: (sums, stored.get(part, nothing))
        for part, sums in written.items()
        if stored.get(part, nothing).rows < sums.rows or stored.get(part, nothing).amount < sums.amount
    }
    return Outcome(kind, store.total(written.values()), store.total(stored.values()), missing)
