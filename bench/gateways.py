"""Further gateways beside the one of an embedded stack: the same settings and secrets, another port each."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from local import gateway
from local.ports import free_ports
from local.running import running
from local.secrets import load_or_create
from local.settings import StackSettings


@contextmanager
def further_gateways(settings: StackSettings, number: int) -> Iterator[list[str]]:
    """Run `number` more gateways on the running stack of `settings`, and yield their addresses once they are ready.

    Their logs are beside the stack's. Raises StackError when one of them does not start.
    """
    with ExitStack() as stack:
        urls = []
        for index, port in enumerate(free_ports(number) if number else (), start=2):
            own = settings.model_copy(update={"gateway_port": port})
            part = replace(gateway.part(own, load_or_create(settings.data_dir)), name=f"gateway-{index}")
            stack.enter_context(running(part, own))
            urls.append(own.gateway_url)
        yield urls
