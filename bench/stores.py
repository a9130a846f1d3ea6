"""What each store takes by itself, written to as the reaction job does: `python -m bench.stores --help`.

No job can be ahead of its stores. The calls are made and the rows are laid out before the clock starts, and what counts
is the processor time of the store alone. The numbers of a call grow, as a job's do: nothing is refused as old.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from pydantic import SecretStr

from bench.findings import Finding, Findings, publish
from bench.last_mile.usage import cpu_s
from contracts.picture import Call
from contracts.picture.reactions import SCRIPT, StreamCounts, script_call
from jobs.settings import JobSettings
from jobs.sinks.clickhouse_client import InsertClient
from jobs.sinks.clickhouse_reactions import SUM_TABLES, sum_rows
from jobs.sinks.redis_client import ScriptClient
from local import clickhouse_part, redis
from local.errors import StackError
from local.running import running
from local.settings import StackSettings, read_settings
from ovation.data_dir import CHECKOUT
from ovation.errors import OvationError
from ovation.migrations import migrate
from ovation.terminal import failures

EMOJIS = ("🔥", "❤️", "😂", "👏", "😮", "🎉")
STREAMS = 10
BATCHES_PER_S = 50
"""The live deployment writes every 20 ms."""
ROWS_OF_AN_INSERT = 10_000


@dataclass(frozen=True, slots=True)
class Stores:
    """Both stores, with their processes."""

    settings: JobSettings
    redis_pid: int
    clickhouse_pid: int


@contextmanager
def both(own: StackSettings) -> Iterator[Stores]:
    """Run the Redis and the ClickHouse of `own`."""
    with ExitStack() as stack:
        pids = [stack.enter_context(running(each.part(own), own)).pid for each in (redis, clickhouse_part)]
        migrate(own.clickhouse_url, "default", "", CHECKOUT / "sql" / "migrations", report=lambda _: None)
        settings = JobSettings(redis_url=SecretStr(own.redis_url), clickhouse_url=own.clickhouse_url)
        yield Stores(settings, *pids)


def calls(batch: int) -> list[Call]:
    """Return a batch for Redis: of each stream its totals and its newest window, six emojis each."""
    at_ms = 1_700_000_000_000 + batch * 1_000 // BATCHES_PER_S
    start, counts = at_ms // 1_000 * 1_000, dict.fromkeys(EMOJIS, batch + 1)
    made = []
    for stream in range(STREAMS):
        made.append(script_call(f"stream-{stream}", StreamCounts(start, counts), at_ms))
        made.append(script_call(f"stream-{stream}", StreamCounts(start, windows={start: counts}), at_ms))
    return made


def _per_core(pid: int, work: Callable[[], int], seconds: float) -> float:
    """Return how much of `work`, which returns how much it did, a process does for a second of its processor time."""
    work()
    before, ends, done = cpu_s(pid), time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        done += work()
    return done / (cpu_s(pid) - before)


def redis_alone(stores: Stores, seconds: float) -> float:
    """Return the script calls of a second of Redis's processor time."""
    client = ScriptClient(stores.settings.redis_url.get_secret_value(), SCRIPT)
    batch = iter(range(10**9))

    def work() -> int:
        made = calls(next(batch))
        client.run(made)
        return len(made)

    found = _per_core(stores.redis_pid, work, seconds)
    client.close()
    return found


def clickhouse_alone(stores: Stores, seconds: float) -> float:
    """Return the rows stored in a second of ClickHouse's processor time, merging them meanwhile included."""
    client, table = InsertClient(stores.settings), SUM_TABLES["window"]
    groups = ROWS_OF_AN_INSERT // len(EMOJIS)
    counts = '{"' + '": 7, "'.join(EMOJIS) + '": 7}'
    names = pd.Series([f"stream-{place % STREAMS}" for place in range(groups)])
    starts = pd.Series([1_700_000_000_000 + place // STREAMS * 1_000 for place in range(groups)])
    rows = sum_rows(table, names, starts, pd.Series(["local"] * groups), pd.Series([counts] * groups))

    def work() -> int:
        client.insert(table.name, rows)
        return int(rows.num_rows)

    found = _per_core(stores.clickhouse_pid, work, seconds)
    client.close()
    return found


def main(
    seconds: Annotated[float, typer.Option(min=0.2, help="Seconds of each store in each round.")] = 5,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    short: Annotated[bool, typer.Option("--short", help="One round of half a second, to see that it works.")] = False,
    save: Annotated[bool, typer.Option(help="Keep the findings for docs/performance.md.")] = True,
) -> None:
    """Write to Redis and to ClickHouse as the reaction job does, as fast as each takes it.

    Example: python -m bench.stores --rounds 1 --no-save
    """
    if short:
        seconds, rounds, save = 0.5, 1, False
    with (
        failures(OvationError, StackError),
        tempfile.TemporaryDirectory() as folder,
        both(read_settings(Path(folder), ephemeral_ports=True)) as stores,
    ):
        done = [(redis_alone(stores, seconds), clickhouse_alone(stores, seconds)) for _ in range(rounds)]
    of_redis, of_clickhouse = zip(*done, strict=True)
    found = Findings(
        "stores",
        "The stores alone",
        "make bench-stores",
        (
            f"Written to as the reaction job does: {STREAMS} streams of {len(EMOJIS)} emojis; {2 * STREAMS} script "
            f"calls in a round trip to Redis, {ROWS_OF_AN_INSERT // len(EMOJIS) * len(EMOJIS):,} rows in an insert.",
            f"A core is a second of the store's processor time; {rounds} rounds of {seconds:.0f} s.",
        ),
        (
            Finding("limit: Redis alone, calls that write a total or a window and publish", "/s a core", of_redis),
            Finding("limit: ClickHouse alone, rows inserted and merged", "/s a core", of_clickhouse),
        ),
    )
    publish(found, save=save)


if __name__ == "__main__":
    typer.run(main)
