"""`ovation up`: starts the embedded stack."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(help="Where the stack keeps its data; else OVATION_DATA_DIR, else .local/data of the checkout."),
]
EphemeralPorts = Annotated[
    bool, typer.Option("--ephemeral-ports", help="Listen on ports that are free now, instead of the usual ones.")
]
Small = Annotated[
    bool, typer.Option("--small", help="Take little memory: for an event of up to 500 viewers on a machine of 2 GB.")
]

RedisMasters = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=3,
        metavar="N",
        help="Start so many small masters of a Redis Cluster instead of one Redis; else OVATION_REDIS_MASTERS, else 1.",
    ),
]


def up(
    data_dir: DataDir = None,
    jobs: Annotated[bool, typer.Option(help="Submit the jobs, too.")] = True,
    only: Annotated[
        str, typer.Option(metavar="PARTS", help="Start these alone, separated by commas.")
    ] = "kafka,clickhouse,redis,flink,gateway",
    regions: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Start a whole stack for each of these regions, such as eu,us, and mirrors between them. The data of "
            "each is in a folder of its name, which is the --data-dir of every command that works on one of them.",
        ),
    ] = None,
    ephemeral_ports: EphemeralPorts = False,
    small: Small = False,
    redis_masters: RedisMasters = None,
) -> None:
    """Start the embedded stack, and return when it is ready.

    Example: ovation up --small
    """
    from local.parts import PROCESSES
    from ovation.errors import OvationError
    from ovation.terminal import failures, out
    from ovation.up import stacks_of, start

    wanted = only.split(",")
    if unknown := [name for name in wanted if name not in PROCESSES]:
        raise typer.BadParameter(f"{unknown[0]!r} is no part; the parts are {', '.join(PROCESSES)}.")
    with failures(OvationError):
        stacks = stacks_of(data_dir, ephemeral_ports, regions, small, redis_masters)
        for stack in stacks:
            if len(stacks) > 1:
                out.print(f"Region {stack.settings.region}", markup=False)
            start(stack, wanted, jobs)
    folders = ", ".join(str(stack.settings.data_dir) for stack in stacks)
    what = "The stack is ready. Its data is" if len(stacks) == 1 else "The regions are ready. Their data is"
    out.print(f"{what} in {folders}; `ovation down` stops {'it' if len(stacks) == 1 else 'them'}.", markup=False)
