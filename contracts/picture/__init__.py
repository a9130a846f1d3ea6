"""How the live picture is written into Redis: by two scripts that only move forward. Whoever writes may be late.

The job writes what changes; a gateway writes what an emptied Redis has lost.
"""

from collections.abc import Sequence
from importlib.resources import files

Call = tuple[Sequence[str], Sequence[str | int]]
"""Keys and arguments of one run of a script."""


def script(name: str, *, sharded: bool = False) -> str:
    """Return the source of a `.lua` file beside this one; on a cluster, which is `sharded`, it publishes with SPUBLISH.

    PUBLISH there would go to every node for every message, however many shards there are.
    """
    source = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return source.replace("'PUBLISH'", "'SPUBLISH'") if sharded else source
