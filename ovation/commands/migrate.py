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
) -> None:
    """Create or extend Kafka's topics, and apply the SQL migrations that are missing.

    Example: OVATION_CLICKHOUSE_URL=https://clickhouse.example:8443 ovation migrate
    """
    from ovation import migrations
    from ovation.addresses import find_addresses
    from ovation.data_dir import CHECKOUT
    from ovation.errors import OvationError
    from ovation.kafka_grants import grant_rights
    from ovation.terminal import failures, out
    from ovation.topics import create_topics

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
            cluster=cluster,
        )
    if not applied:
        out.print("The tables are up to date.")
