"""One process of the stack: how it is started, and how one knows that it is ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Port:
    """A port that a part listens on, and the environment variable that changes it."""

    number: int
    variable: str


def _nothing() -> None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A process as the supervisor runs it.

    `prepare` writes what the command needs on disk; it runs before each start by `ovation up`, not before a restart.
    `nice` is how far it gives way to the others when the cores are full.
    `ready` asks the running process, without waiting, whether it serves. `env` may hold secrets: no repr shows it.
    """

    name: str
    address: str
    command: tuple[str, ...]
    ready: Callable[[], bool]
    ports: tuple[Port, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    prepare: Callable[[], None] = _nothing
    stop_wait_s: int = 20
    nice: int = 0


GIVES_WAY = 15
"""For what counts and keeps. On two full cores whoever tapped or voted is answered first, and the counts follow: those
who answer wait for as little as a millisecond, many times for each answer."""
