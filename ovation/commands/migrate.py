"""`ovation migrate`: brings Kafka's topics and ClickHouse's tables to the shape that this version needs."""

from typing import Annotated

import typer


def migrate(
    cluster: Annotated[
        str | None, typer.Option(metavar="NAME", help="ClickHouse is a cluster of this name; else a single server.")
    ] = None,
    grant: Annotated[
        bool,
        typer.Option("--grant", help="Let ovation_gateway and ovation_jobs do their work in a Kafka that has users."),
    ] = False,
    to: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Stop at this SQL migration; those above it are undone, newest first."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before migrations are undone.")] = False,
) -> None:
    """Create or extend Kafka's topics, and apply the SQL migrations that are missing.

    With --to it goes back, for a version before: what only a newer version wrote goes with its tables and columns.
    Topics stay.

    Example: OVATION_CLICKHOUSE_URL=https://clickhouse.example:8443 ovation migrate
    """
    from ovation import migrations
    from ovation.addresses import find_addresses
    from ovation.data_dir import CHECKOUT
    from ovation.errors import OvationError
    from ovation.kafka_grants import grant_rights
    from ovation.terminal import failures, out
    from ovation.topics import create_topics

    def ask(names: list[str]) -> None:
        out.print(f"{', '.join(names)}: undone, with the tables and columns that they made.", markup=False)
        if not yes:
            typer.confirm("What is in those does not come back. Go on?", abort=True)

    with failures(OvationError):
        addresses = find_addresses()
        for name in create_topics(
            addresses.kafka_bootstrap, login=addresses.kafka_login, others=addresses.other_regions
        ):
            out.print(f"Topic {name} is created.", markup=False)
        if grant:
            grant_rights(addresses.kafka_bootstrap, addresses.kafka_login, other_regions=addresses.other_regions)
            out.print("Gateways and jobs have their rights in Kafka.")
        applied = migrations.migrate(
            addresses.clickhouse_url,
            addresses.clickhouse_user,
            addresses.clickhouse_password.get_secret_value(),
            CHECKOUT / "sql" / ("cluster" if cluster else "migrations"),
            report=lambda line: out.print(line, markup=False),
            to=to,
            cluster=cluster,
            before_undoing=ask,
        )
    if not applied:
        out.print("The tables are up to date.")
