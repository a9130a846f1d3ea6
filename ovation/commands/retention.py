"""`ovation retention`: how long the history is kept."""

from typing import Annotated

import typer


def retention(
    wishes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TABLE=SPAN]...", help="As windows=90d minutes=2y reactors=6w ballots=forever."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before rows go.")] = False,
) -> None:
    """Show for how long each table of the history is kept and what it holds, or say for how long: by default for ever.

    A span is 10d to 50y, in days, weeks (w) or years (y). Rows that are older go within hours and do not come back,
    `forever` only ends that. Taps by minute and by hour stay when the windows that they sum are gone. After a loss of
    Redis, gateways show the totals that `hours` still has.

    Example: ovation retention windows=90d minutes=2y reactors=30d
    """
    from contextlib import closing

    from clickhouse_connect.driver.exceptions import ClickHouseError
    from rich.table import Table

    from ovation.addresses import find_addresses
    from ovation.clickhouse import connect
    from ovation.errors import OvationError
    from ovation.retention import kept as work
    from ovation.retention.wishes import KINDS, read_wishes
    from ovation.terminal import failures, out

    with failures(OvationError):
        spans = read_wishes(wishes or [])
        addresses = find_addresses()
        client = connect(
            addresses.clickhouse_url, addresses.clickhouse_user, addresses.clickhouse_password.get_secret_value()
        )
        try:
            with closing(client):
                going = {kind: work.expired(client, kind, span) for kind, span in spans.items() if span}
                for kind, rows in going.items():
                    if rows:
                        out.print(f"{rows:,} rows of {kind} are older than {spans[kind]} and go.", markup=False)
                if any(going.values()) and not yes:
                    typer.confirm("They do not come back. Go on?", abort=True)
                for kind, span in spans.items():
                    work.keep(client, kind, span)
                kept = work.kept(client)
        except (ClickHouseError, OSError) as error:
            raise OvationError(f"ClickHouse refused: {error}") from error
    table = Table("table", "holds", "kept", "rows", "bytes", "since")
    for one in kept:
        holds = KINDS[one.kind].holds
        table.add_row(one.kind, holds, one.words, f"{one.rows:,}", f"{one.bytes:,}", one.since)
    out.print(table)
