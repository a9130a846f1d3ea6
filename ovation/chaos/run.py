"""A stack to break, and one schedule after the other on it."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvloop
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from local import ready
from ovation.addresses import Addresses
from ovation.chaos import view
from ovation.chaos.attempt import attempt
from ovation.chaos.kept_logs import keep_logs
from ovation.chaos.machine import Machine
from ovation.chaos.own_stack import gateway_ports, gateway_urls, own_stack
from ovation.chaos.plan import Schedule
from ovation.chaos.trial import Trial
from ovation.deployments import DEPLOYMENTS
from ovation.embedded import addresses_of
from ovation.errors import OvationError
from ovation.flink_api import Flink
from ovation.flink_waits import wait_until_running
from ovation.terminal import err, out

WELL_S = 120.0
"""How long a stack may take to be whole again after a schedule."""


def run(plans: Sequence[Schedule], record: Path | None, patience_s: float, small: bool = False) -> list[Trial]:
    """Run the schedules on a new stack, or a new `small` one, print what came of each, and append it to `record`.

    Raises OvationError when the stack does not start, or is not whole again after a schedule.
    """
    trials: list[Trial] = []
    with own_stack(small) as stack, _progress(len(plans)) as progress:
        task = progress.add_task("Breaking things", total=len(plans))
        addresses, machine = addresses_of(stack.settings), Machine(stack)
        for plan in plans:
            _wait_until_well(addresses, gateway_ports(stack))
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                trial = runner.run(attempt(addresses, gateway_urls(stack), machine, plan, patience_s))
            trials.append(trial)
            progress.advance(task)
            out.print(view.line(trial), markup=False)
            if not trial.good:
                kept = keep_logs({f"seed-{trial.seed}": stack.settings})
                out.print(f"What the processes said is kept in {kept}.", markup=False)
            if record is not None:
                with record.open("ab") as file:
                    file.write(msgspec.json.encode(trial) + b"\n")
    if any(len(trial.faults) == 1 for trial in trials):
        out.print(view.alone(trials))
    out.print(view.memory(trials))
    out.print(view.summary(trials), markup=False)
    return trials


def _wait_until_well(addresses: Addresses, ports: Sequence[int]) -> None:
    flink, deadline = Flink(addresses.flink_url), time.monotonic() + WELL_S
    for deployment in DEPLOYMENTS:
        wait_until_running(flink, deployment.name, WELL_S)
    while not all(ready.answers(port, "/readyz") for port in ports):
        if time.monotonic() > deadline:
            raise OvationError(f"Not all gateways are ready {WELL_S:.0f} s after a schedule.")
        time.sleep(0.1)


def _progress(total: int) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True, disable=total < 2 or not err.is_terminal)
