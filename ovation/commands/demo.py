"""`ovation demo`: the whole system with a simulated audience, until Ctrl-C."""

from typing import Annotated

import typer

from ovation.commands.up import DataDir, EphemeralPorts, Small


def demo(
    data_dir: DataDir = None,
    ephemeral_ports: EphemeralPorts = False,
    small: Small = False,
    seconds: Annotated[float | None, typer.Option(min=1, help="End by itself after so long.")] = None,
    viewers: Annotated[int, typer.Option(min=1, help="Viewers who tap.")] = 100,
    taps_per_s: Annotated[float, typer.Option(min=0, help="Taps per second of all viewers.")] = 200,
    voters: Annotated[int, typer.Option(min=0, help="Voters, who come within ten minutes.")] = 2_000,
) -> None:
    """Start the embedded stack with a simulated audience, and show the counts moving until Ctrl-C.

    Whatever it started is stopped in the end; the data stays.

    Example: ovation demo --taps-per-s 1000
    """
    from local.settings import read_settings
    from ovation.audience.plan import Plan
    from ovation.demo.run import run
    from ovation.errors import OvationError
    from ovation.terminal import failures

    plan = Plan(viewers=viewers, taps_per_s=taps_per_s, seconds=None, voters=voters, vote_seconds=600, screens=2)
    with failures(OvationError):
        run(read_settings(data_dir, ephemeral_ports, small), plan, seconds)
