"""What `ovation backfill` shows: bars while it works, and sentences when it is done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from ovation.backfill.backfill import Outcome
from ovation.backfill.files import Contents
from ovation.backfill.flink import Progress as Done
from ovation.backfill.flink import Report
from ovation.backfill.span import shown

_TEXT = TextColumn("{task.description}")
MAX_MISSING = 5


@contextmanager
def looking_through(console: Console, paths: Sequence[Path]) -> Iterator[Callable[[int], None]]:
    """Show a bar that is told how many bytes of the files have been looked through."""
    with Progress(_TEXT, BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console) as progress:
        bar = progress.add_task("Looking through", total=sum(path.stat().st_size for path in paths))
        yield lambda done: progress.update(bar, completed=done)


@contextmanager
def running(console: Console) -> Iterator[Report]:
    """Show a bar for each run that is reported."""
    with Progress(_TEXT, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as progress:
        bars: dict[str, TaskID] = {}

        def report(done: Done) -> None:
            bar = bars.get(done.run.job)
            if bar is None:
                bar = bars[done.run.job] = progress.add_task("", total=done.run.records)
            progress.update(bar, description=f"{done.run.job} {done.stage}", completed=done.read)

        yield report


def contents_sentences(contents: Contents) -> Iterator[str]:
    """Say what the files hold, and what in them cannot be read."""
    reactions, votes = contents.records["reactions"], contents.records["votes"]
    yield f"The files hold {reactions:,} records of reactions and {votes:,} of votes."
    if contents.unreadable:
        yield (
            f"Lines that break the schema of a record: {contents.unreadable:,}. What breaks it is not counted"
            f"{'; the first' if contents.unreadable > len(contents.named) else ''}:"
        )
        yield from (f"  {sentence}" for sentence in contents.named)


def outcome_sentences(outcome: Outcome) -> Iterator[str]:
    """Say what a run wrote, and whether ClickHouse holds it."""
    rows, amounts = ("windows", "taps") if outcome.kind == "reactions" else ("ballots", "votes")
    written, stored = outcome.written, outcome.stored
    if not written.rows:
        yield f"{outcome.kind}: nothing was taken then."
        return
    line = f"{outcome.kind}: {written.rows:,} {rows} of {written.amount:,} {amounts} written; "
    if outcome.missing:
        yield line + "ClickHouse holds less:"
        for (stream_id, part), (wanted, found) in list(outcome.missing.items())[:MAX_MISSING]:
            where = f"{shown(int(part))} UTC" if outcome.kind == "reactions" else part
            yield f"  {stream_id}, {where}: {found.amount:,} of {wanted.amount:,} {amounts}"
        if len(outcome.missing) > MAX_MISSING:
            yield f"  and {len(outcome.missing) - MAX_MISSING:,} more"
    elif stored == written:
        yield line + "ClickHouse holds exactly these."
    else:
        yield (
            line + f"ClickHouse holds more of the same {'hours' if outcome.kind == 'reactions' else 'polls'}, "
            f"and keeps it: {stored.rows:,} {rows} of {stored.amount:,} {amounts}."
        )
