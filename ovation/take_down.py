"""The embedded stack from running to gone, with nothing lost on the way."""

import time
from contextlib import suppress

from local import flink
from local.stack import Stack
from ovation.embedded import addresses_of
from ovation.errors import OvationError
from ovation.terminal import err, out


def take_down(stack: Stack) -> None:
    """Stop the jobs with a savepoint, then every process of `stack`, and print each as it is gone.

    A job that cannot make a savepoint is stopped without: its last checkpoint is what it starts from.
    Raises OvationError when the supervisor refuses.
    """
    began = time.monotonic()

    def report(name: str) -> None:
        out.print(f"  {name:<18} stopped {time.monotonic() - began:5.1f} s", markup=False)

    with out.status("Stopping"):
        if stack.is_running(flink.JOBMANAGER):
            _stop_jobs(stack)
        stack.stop(report)


def _stop_jobs(stack: Stack) -> None:
    from ovation.submit import cancel_all, stop_all  # noqa: PLC0415 - only where there are jobs

    try:
        stop_all(
            addresses_of(stack.settings),
            report=lambda line: out.print(f"    {line}", markup=False),
        )
    except OvationError as failure:
        err.print(f"{failure} Now it is stopped without one, and starts again from its last checkpoint.", markup=False)
        # Else the next JobManager would start them before anybody says so.
        with suppress(OvationError):
            cancel_all(addresses_of(stack.settings))
