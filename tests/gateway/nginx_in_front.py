"""nginx in front of gateways, as a test wants them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from local import nginx
from local.ports import free_ports
from tests.gateway.processes import Process

PROGRAM = nginx.find()
needs_nginx = pytest.mark.skipif(PROGRAM is None, reason="there is no nginx; `make nginx` installs it, if root asks")


class In(Protocol):
    """Puts nginx in front of gateways, in a folder, and returns its URL. `history` are those with a ClickHouse."""

    def __call__(self, urls: Sequence[str], name: str, history: Sequence[str] = ()) -> str: ...


@contextmanager
def nginx_in(folder: Path) -> Iterator[In]:
    """Yield what starts an nginx; all of them end with the block."""
    with ExitStack() as stack:

        def start(urls: Sequence[str], name: str, history: Sequence[str] = ()) -> str:
            [port] = free_ports(1)
            assert PROGRAM is not None
            part = nginx.part(
                PROGRAM, folder / name, port, [_host(url) for url in urls], [_host(url) for url in history]
            )
            part.prepare()
            process = Process(part.command, part.ready, folder / f"{name}.log")
            # Killed, it would leave its workers behind.
            stack.callback(process.stop)
            process.start()
            return part.address

        yield start


def _host(url: str) -> str:
    return url.removeprefix("http://")
