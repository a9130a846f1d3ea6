"""A large crowd of voters over several gateways of the embedded stack: `python -m bench.crowd --help`.

Starts the stack if it is not up, and the further gateways; stops in the end what it started.
"""

import asyncio
from typing import Annotated

import typer
import uvloop

from bench.gateways import further_gateways
from bench.setting import machine, running_stack
from local.secrets import load_or_create
from local.settings import read_settings
from local.stack import Stack
from ovation.audience.voters.plan import VotingPlan
from ovation.audience.voters.report import Report, conclusion, lines, table
from ovation.audience.voters.run import Wishes, run
from ovation.audience.voters.tokens import TokenSecret
from ovation.commands.up import DataDir, EphemeralPorts
from ovation.embedded import addresses_of
from ovation.errors import OvationError
from ovation.terminal import failures, out


def _vote(stack: Stack, gateways: int, plan: VotingPlan) -> Report:
    addresses = addresses_of(stack.settings)
    secret = TokenSecret(token_secret=load_or_create(stack.settings.data_dir).token_secret)
    with (
        further_gateways(stack.settings, gateways - 1) as urls,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(run(addresses, [addresses.gateway_url, *urls], plan, Wishes("crowd", secret=secret)))


def main(
    voters: Annotated[int, typer.Option(min=1)] = 50_000,
    votes_per_second: Annotated[float, typer.Option(min=1)] = 1_000,
    gateways: Annotated[int, typer.Option(min=1, max=20)] = 3,
    retries: Annotated[float, typer.Option(min=0, max=1)] = 0.10,
    changes: Annotated[float, typer.Option(min=0, max=1)] = 0.05,
    withdrawals: Annotated[float, typer.Option(min=0, max=1)] = 0.01,
    late: Annotated[float, typer.Option(min=0, max=1)] = 0.02,
    seed: int = 1,
    data_dir: DataDir = None,
    ephemeral_ports: EphemeralPorts = False,
) -> None:
    """Send the voters, and print the setting and what every account says in the end.

    The shares are those of `ovation crowd`. The exit code is 1 when anything is wrong.
    """
    plan = VotingPlan(
        voters=voters,
        votes_per_second=votes_per_second,
        retries=retries,
        changes=changes,
        withdrawals=withdrawals,
        late=late,
        seed=seed,
    )
    with failures(OvationError):
        stack = Stack(read_settings(data_dir, ephemeral_ports))
        with running_stack(stack):
            done = _vote(stack, gateways, plan)
    out.print(f"One machine runs the whole stack, {gateways} gateways and the voters: {machine()}", markup=False)
    out.print(table(done))
    for line in (*lines(done), conclusion(done)):
        out.print(line, markup=False)
    if not done.good:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
