"""A stack of its own, with three gateways, to be broken or watched for long."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.parts import PROCESSES, processes_of
from local.ports import free_ports
from local.settings import read_settings
from local.stack import Stack
from ovation.bring_up import bring_up
from ovation.chaos.machine import GATEWAYS
from ovation.take_down import take_down


@contextmanager
def own_stack(small: bool = False) -> Iterator[Stack]:
    """Start a stack in a folder that goes with it, and end it behind the block. Raises OvationError.

    Who tells this process to end by SIGTERM ends the stack, too.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="ovation-chaos-") as folder:
        settings = read_settings(Path(folder), ephemeral_ports=True, small=small)
        more = tuple(free_ports(len(GATEWAYS) - 1))
        stack = Stack(settings.model_copy(update={"more_gateway_ports": more}))
        try:
            bring_up(stack, [*processes_of(PROCESSES), *GATEWAYS[1:]], jobs=True)
            yield stack
        finally:
            take_down(stack)


def gateway_ports(stack: Stack) -> tuple[int, ...]:
    """Return the ports of all gateways."""
    return (stack.settings.gateway_port, *stack.settings.more_gateway_ports)


def gateway_urls(stack: Stack) -> list[str]:
    """Return the addresses of all gateways."""
    return [f"http://127.0.0.1:{port}" for port in gateway_ports(stack)]
