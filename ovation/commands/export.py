"""`ovation export`: the rows of a stream as a file."""

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class What(StrEnum):
    """What can be exported."""

    REACTIONS = "reactions"
    VOTES = "votes"


class Form(StrEnum):
    """The forms of a file."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    ARROW = "arrow"


def export(
    stream: Annotated[str, typer.Argument(metavar="STREAM", help="The stream's id.")],
    what: Annotated[What, typer.Option(help="Windows of taps, or votes without voters.")] = What.REACTIONS,
    form: Annotated[Form, typer.Option("--format", help="The form of the file.")] = Form.CSV,
    output: Annotated[Path | None, typer.Option(help="The file; else STREAM.WHAT.FORMAT.")] = None,
    since: Annotated[dt.datetime | None, typer.Option("--from", help="Rows from this time on, UTC.")] = None,
    before: Annotated[dt.datetime | None, typer.Option("--to", help="Rows before this time, UTC.")] = None,
    page_rows: Annotated[int, typer.Option(min=1, max=5_000_000, help="Rows to ask for at once.")] = 500_000,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a CSV or NDJSON file that was begun.")] = False,
) -> None:
    """Write all rows of a stream into one file, which is there once it is whole.

    It asks the gateway, with an API key that may read, page by page; a page that breaks off is asked for again.

    Example: ovation export cup --what votes --format parquet --output votes.parquet
    """
    import asyncio
    from urllib.parse import quote

    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    from ovation.addresses import find_addresses
    from ovation.client.errors import CallError
    from ovation.errors import OvationError
    from ovation.export.export import export_stream
    from ovation.export.pages import Wanted
    from ovation.terminal import err, failures, out

    if resume and form in (Form.PARQUET, Form.ARROW):
        raise typer.BadParameter("only csv and ndjson can be gone on with.", param_hint="--resume")
    times = {"from": since, "to": before}
    span = {name: int(at.replace(tzinfo=dt.UTC).timestamp() * 1000) for name, at in times.items() if at is not None}
    wanted = Wanted(quote(stream, safe=""), what.value, form.value, span, page_rows)
    path = output or Path(f"{Path(stream).name}.{what.value}.{form.value}")
    columns = (TextColumn("{task.fields[rows]:,} rows"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with failures(OvationError, CallError):
        addresses = find_addresses()
        with Progress(*columns, console=err, transient=True) as progress:
            bar = progress.add_task("", total=None, rows=0)
            rows = asyncio.run(
                export_stream(
                    addresses.gateway_url,
                    addresses.api_key.get_secret_value(),
                    wanted,
                    path,
                    resume,
                    lambda rows, size: progress.update(bar, completed=size, rows=rows),
                )
            )
    out.print(f"{rows:,} rows in {path}.", markup=False)
