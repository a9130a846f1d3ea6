"""`ovation submit`: puts the jobs on a Flink cluster."""

from typing import Annotated

import typer


def submit(
    start_from: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="latest|none|PATH",
            help="The newest savepoint or checkpoint of each, nothing, or the savepoint at PATH.",
        ),
    ] = "latest",
) -> None:
    """Submit the deployments of the jobs that are not running yet.

    Example: OVATION_FLINK_URL=http://flink.example:8081 ovation submit
    """
    from ovation.addresses import find_addresses  # noqa: PLC0415
    from ovation.errors import OvationError  # noqa: PLC0415
    from ovation.submit import submit as submit_jobs  # noqa: PLC0415
    from ovation.terminal import failures, out  # noqa: PLC0415

    with failures(OvationError):
        submit_jobs(find_addresses(), start_from=start_from, report=lambda line: out.print(line, markup=False))
