"""`ovation recount`: counts a final poll again from the list of its ballots."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ovation.recount import Recount


def recount(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The list of ballots; - is standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count a final poll again from the list of its ballots alone, and say whether the result is what the list says.

    It asks no server. The exit code is 1 when the result is another, or when FILE is no list of ballots.

    Example: curl -fH "Authorization: Bearer $OVATION_API_KEY" $OVATION_GATEWAY_URL/v1/streams/cup/polls/best/ballots |
    ovation recount -
    """
    import json

    from ovation.errors import OvationError
    from ovation.terminal import failures, out

    with failures(OvationError):
        found = _read(file)
    differences = found.differences
    if as_json:
        typer.echo(json.dumps(found.members(), ensure_ascii=False))
    else:
        out.print(_chart(found))
        for what, said, counted in differences:
            out.print(f"{what}: the list says {_shown(said)}, its ballots give {_shown(counted)}", style="red")
        if differences:
            out.print("The list does not give the result that it says.", style="bold red")
        else:
            out.print(f"The ballots give exactly this result. {found.digest}", style="green")
    if differences:
        raise typer.Exit(1)


def _read(name: str) -> "Recount":
    import sys
    from pathlib import Path

    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from ovation.errors import OvationError
    from ovation.recount import recount as count_again
    from ovation.terminal import err

    columns = (TextColumn("Counting"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    try:
        with (
            open(0, "rb", closefd=False) if name == "-" else Path(name).open("rb") as file,
            Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as progress,
        ):
            bar = progress.add_task("", total=None if name == "-" else Path(name).stat().st_size)
            return count_again(file, lambda read: progress.update(bar, completed=read))
    except OSError as error:
        raise OvationError(f"{name} cannot be read: {error.strerror}.") from error


def _chart(found: "Recount") -> "RenderableType":
    from rich.bar import Bar
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    header = found.header
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    for option, votes in zip(header["options"], found.votes, strict=True):
        share = votes / found.voters if found.voters else 0
        table.add_row(
            option["id"],
            Text(_printable(option["text"]), overflow="ellipsis", no_wrap=True),
            "✓" if option["id"] in header.get("correct", ()) else "",
            Bar(1, 0, share, width=30, color="cyan"),
            Text(f"{share:.1%}", justify="right"),
            Text(f"{votes:,}", justify="right"),
        )
    said = header["result"]
    outcomes = ("replaced", "withdrawn", "duplicate", "late", "invalid", "ineligible")
    rest = ", ".join(f"{said[name]:,} {name}" for name in outcomes if said[name])  # type: ignore[literal-required]
    return Group(
        Text(_printable(header["question"]), style="bold"),
        Text(f"{_printable(header['stream_id'])} / {_printable(header['poll_id'])}", style="dim"),
        table,
        Text(f"{found.voters:,} voters." + (f" Of {said['received']:,} votes received: {rest}." if rest else "")),
    )


def _printable(text: str) -> str:
    """Return a text from the file without what would steer the terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def _shown(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else _printable(value)
