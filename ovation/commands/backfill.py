"""`ovation backfill`: counts past reactions and votes again, into ClickHouse."""

from pathlib import Path
from typing import Annotated

import typer

from ovation.backfill import Kind


def backfill(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Records to import, one a line (NDJSON), .gz too. None: from Kafka."),
    ] = None,
    begin: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="As 2026-11-24T18:00; UTC, or with an offset.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Likewise: the first moment that is not counted.")
    ] = None,
    only: Annotated[Kind | None, typer.Option(help="One of them, instead of both.")] = None,
    late: Annotated[
        int,
        typer.Option(
            metavar="HOURS",
            min=0,
            max=192,
            help="How long Kafka may have been away: gateways write what they took meanwhile so much later.",
        ),
    ] = 1,
) -> None:
    """Count past reactions and votes again, into ClickHouse: a span of time from Kafka, or files of records.

    The jobs' own queries count, so the numbers are the same. Nothing stored is made smaller, and doing it again changes
    nothing. They run in a Flink on this machine, not on the cluster: a file is here, no slot is needed, and the
    live jobs keep theirs. It takes PyFlink and a Flink home, as `ovation submit` does.

    The span is widened to whole hours, so windows, minutes and hours are whole. A poll and a video are whole only
    if all of their votes and taps lie in the span, or in the files named together. Never give parts of an hour or a
    poll one after the other: they are not added up. A line that stands twice counts twice. The tables streams and
    polls are not touched.

    Example: ovation backfill --from 2026-11-24T18:00 --to 2026-11-24T22:00
    """
    from ovation.addresses import find_addresses
    from ovation.backfill.flink import require
    from ovation.backfill.span import read_span
    from ovation.errors import OvationError
    from ovation.terminal import err, failures, out

    kinds: tuple[Kind, ...] = (only,) if only else ("reactions", "votes")
    with failures(OvationError):
        span = read_span(begin, end)
        if not files and span is None:
            raise OvationError("Say what to count: --from and --to for what Kafka retains, or files.")
        require()
        # These need what was just required.
        from ovation.backfill import backfill as work
        from ovation.backfill import view
        from ovation.backfill.files import check, look_through

        check(files or [])
        addresses = find_addresses()
        with work.ready(addresses) as client:
            if files:
                with view.looking_through(err, files) as done:
                    contents = look_through(files, done)
                for sentence in view.contents_sentences(contents):
                    out.print(sentence, markup=False)
            with view.running(err) as report:
                if files:
                    outcomes = work.from_files(addresses, client, files, contents, kinds, span, report)
                elif span:
                    outcomes = work.from_kafka(addresses, client, span, late, kinds, report)
    if span:
        out.print(f"Counted: {span}.", markup=False)
    for outcome in outcomes:
        for sentence in view.outcome_sentences(outcome):
            out.print(sentence, markup=False)
    if any(outcome.missing for outcome in outcomes):
        raise typer.Exit(1)
