"""`ovation submit`: puts the jobs on a Flink cluster, replaces them, and stops them."""

from typing import Annotated

import typer


def submit(
    start_from: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="latest|none|PATH",
            help="The newest savepoint or checkpoint of each, nothing, or the savepoint at PATH; "
            "where PATH is a copy of Flink's folder of savepoints, that of each.",
        ),
    ] = "latest",
    only: Annotated[
        str | None,
        typer.Option(metavar="JOB-SINK,…", help="These deployments, such as poll_dedup-redis, instead of all."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Stop what runs with a savepoint first, and start this version from it.")
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Stop what runs with a savepoint, and start nothing.")] = False,
) -> None:
    """Submit the deployments of the jobs that are not running yet.

    Example: OVATION_FLINK_URL=http://flink.example:8081 ovation submit
    """
    from ovation.addresses import find_addresses
    from ovation.deployments import choose
    from ovation.errors import OvationError
    from ovation.submit import stop_all
    from ovation.submit import submit as submit_jobs
    from ovation.terminal import failures, out

    def report(line: str) -> None:
        out.print(line, markup=False, soft_wrap=True)

    if stop and replace:
        raise typer.BadParameter("--stop and --replace exclude each other.")
    with failures(OvationError):
        addresses = find_addresses()
        deployments = choose(only)
        if stop or replace:
            stop_all(addresses, deployments=deployments, report=report)
        if not stop:
            submit_jobs(addresses, deployments=deployments, start_from=start_from, report=report)
