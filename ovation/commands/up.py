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


def up(
    data_dir: DataDir = None,
    jobs: Annotated[bool, typer.Option(help="Submit the jobs, too.")] = True,
    only: Annotated[
        str, typer.Option(metavar="PARTS", help="Start these alone, separated by commas.")
    ] = "kafka,clickhouse,redis,flink,gateway",
    ephemeral_ports: EphemeralPorts = False,
    small: Small = False,
) -> None:
    """Start the embedded stack, and return when it is ready.

    Example: ovation up --small
    """
    from local.parts import PROCESSES, processes_of
    from local.settings import read_settings
    from local.stack import Stack
    from ovation.bring_up import bring_up
    from ovation.errors import OvationError
    from ovation.terminal import failures, out

    wanted = only.split(",")
    if unknown := [name for name in wanted if name not in PROCESSES]:
        raise typer.BadParameter(f"{unknown[0]!r} is no part; the parts are {', '.join(PROCESSES)}.")
    with failures(OvationError):
        settings = read_settings(data_dir, ephemeral_ports, small)
        stack = Stack(settings)
        names = processes_of(wanted)
        if all(stack.is_running(name) for name in names if name in stack.parts):
            out.print(
                f"The stack in {stack.settings.data_dir} is running already; what it lacks is added.", markup=False
            )
        if small and stack.settings.memory_mb != settings.memory_mb:
            out.print("It keeps the size that it was started with: `ovation down` first, to give it another.")
        try:
            bring_up(stack, names, jobs)
        except OvationError:
            if stack.supervisor.is_up():
                out.print("What has started stays up: `ovation down` stops it.")
            raise
    out.print(f"The stack is ready. Its data is in {stack.settings.data_dir}; `ovation down` stops it.", markup=False)
