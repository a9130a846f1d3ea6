"""`ovation seed`: past streams to try queries on."""

import datetime as dt
from typing import Annotated

import typer


def seed(
    rows: Annotated[int, typer.Option(min=1, max=1_000_000_000, help="Windows to write, a row each.")] = 1_000_000,
    number: Annotated[int, typer.Option("--seed", min=0, help="The same seed makes the same streams.")] = 1,
    until: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The season's last day, UTC; else today.")
    ] = None,
) -> None:
    """Write made-up past streams into ClickHouse: power-law sizes, Poisson taps, bursts when something happens, a poll.

    Their ids begin with `seed-SEED-`. Doing it again with the same seed and day changes nothing.

    Example: ovation seed --rows 1000000
    """
    from clickhouse_connect.driver.exceptions import ClickHouseError
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from ovation.addresses import find_addresses
    from ovation.clickhouse import connect
    from ovation.errors import OvationError
    from ovation.seed.seed import seed_history
    from ovation.terminal import err, failures, out

    day = until or dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    columns = (TextColumn("Windows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with failures(OvationError):
        addresses = find_addresses()
        client = connect(
            addresses.clickhouse_url, addresses.clickhouse_user, addresses.clickhouse_password.get_secret_value()
        )
        try:
            with Progress(*columns, console=err) as progress:
                task = progress.add_task("", total=rows)
                streams = seed_history(
                    client, rows, number, day.replace(tzinfo=dt.UTC), lambda done: progress.update(task, completed=done)
                )
        except (ClickHouseError, OSError) as error:
            raise OvationError(f"ClickHouse did not take the rows: {error}") from error
        finally:
            client.close()
    out.print(f"{rows:,} windows of {streams:,} streams, seed-{number}-000000 and on.", markup=False)
