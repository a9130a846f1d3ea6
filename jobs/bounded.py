"""A run that ends: a history deployment's own query over files, or stretches of its topics, for `ovation backfill`.

It runs in Flink's batch mode, in the process that starts it. Every sum is written once, when it is whole, and what does
not fit into memory goes to disk; there is no checkpoint and no committed position. Beside its rows it says how many it
wrote, so that somebody can look whether the store has them.
"""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass

from pyflink.table import StatementSet, TableEnvironment

from jobs.environment import open_environment
from jobs.settings import JobSettings
from jobs.sources import bounded_files, bounded_kafka


@dataclass(frozen=True, slots=True)
class Stretch:
    """A topic between two positions, each in Flink's notation (jobs.sources)."""

    topic: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Bounded:
    """What a run reads: all `files` below a URL, or stretches of topics. And where it says what it wrote.

    `taken` is SQL: which records or votes count, by the time at which a gateway took them. None: all.
    """

    summary: str
    files: str | None = None
    stretches: tuple[Stretch, ...] = ()
    taken: str | None = None

    def sources(self, settings: JobSettings, form: str) -> list[str]:
        """Return the options of the sources that the run reads, in a format, instead of the live topics."""
        if self.files:
            return [f"{bounded_files(self.files)}, {form}"]
        return [f"{bounded_kafka(each.topic, settings, each.start, each.end)}, {form}" for each in self.stretches]

    def add_summary(self, env: TableEnvironment, statements: StatementSet, query: str) -> None:
        """Add the branch that writes the rows of `query`: stream, part of it, how many rows, and the sum in them."""
        env.execute_sql(f"""
            CREATE TEMPORARY TABLE summary (stream_id STRING, part STRING, `rows` BIGINT, amount BIGINT)
            WITH ('connector' = 'filesystem', 'path' = '{self.summary}', 'format' = 'json')""")
        statements.add_insert_sql(f"INSERT INTO summary {query}")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of a bounded run to a job's command line."""
    group = parser.add_argument_group("a run that ends (with --sink clickhouse; `ovation backfill` gives these)")
    group.add_argument(
        "--summary", metavar="URL", help="folder for what was written; its presence makes the run bounded"
    )
    group.add_argument("--files", metavar="URL", help="folder of files with a record on each line")
    group.add_argument(
        "--stretch",
        nargs=3,
        action="append",
        default=[],
        metavar=("TOPIC", "START", "END"),
        help="a topic from positions on, as partition:0,offset:42;partition:1,…, and before others; may be repeated",
    )
    group.add_argument("--since", type=int, metavar="MS", help="count what gateways took from this time on")
    group.add_argument("--until", type=int, metavar="MS", help="and before this one")
    group.add_argument("--rest-port", type=int, default=0, help="where the run shows how far it is; else any free port")


def from_arguments(parser: ArgumentParser, given: Namespace) -> Bounded | None:
    """Return the bounded run that the command line asks for, or None. Ends the program where it contradicts itself."""
    if given.summary is None:
        return None
    if given.sink != "clickhouse":
        parser.error("only the history can be written again: --summary needs --sink clickhouse")
    if bool(given.files) == bool(given.stretch):
        parser.error("give either --files, or --stretch")
    if (given.since is None) != (given.until is None):
        parser.error("--since and --until belong together")
    taken = None if given.since is None else f"`at` BETWEEN {given.since} AND {given.until - 1}"
    return Bounded(given.summary, given.files, tuple(Stretch(*each) for each in given.stretch), taken)


def create_bounded_environment(name: str, settings: JobSettings, rest_port: int = 0) -> TableEnvironment:
    """Return a batch environment for the run `name`, which ends with the first failure: somebody waits for it."""
    options = {
        "execution.runtime-mode": "BATCH",
        "pipeline.name": name,
        "pipeline.object-reuse": "true",
        "parallelism.default": str(settings.parallelism),
        "restart-strategy.type": "none",
        "rest.port": str(rest_port),
        "rest.bind-port": str(rest_port),
        # Whoever watches asks every moment; ten seconds old is no answer.
        "metrics.fetcher.update-interval": "500",
        # Sums are kept in this memory, and beyond it on disk; the default of a local run is 128 MB.
        "taskmanager.memory.managed.size": "512m",
        "table.optimizer.agg-phase-strategy": "TWO_PHASE",
        "python.fn-execution.bundle.size": "50000",
        "python.fn-execution.arrow.batch.size": "50000",
    }
    return open_environment(options)
