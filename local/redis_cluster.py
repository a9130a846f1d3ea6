"""Makes a cluster of the masters of a stack: each has a share of the slots, and all know each other."""

import time
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

from redis import Redis
from redis.crc import REDIS_CLUSTER_HASH_SLOTS
from redis.exceptions import RedisError

from contracts.redis_cluster.slots import ASK_SLOTS, Slots
from local.errors import StackError
from local.settings import StackSettings

HOST = "127.0.0.1"
READY_S = 30.0
POLL_S = 0.05


def form(settings: StackSettings) -> None:
    """Make the cluster of `settings`, or make whole what there is of it, and return once all masters say that it is.

    Masters remember their slots over a restart, but may come back at other ports. Raises StackError.
    """
    shares = _shares(settings.redis_masters)
    with ExitStack() as stack:
        masters: list[Any] = [
            stack.enter_context(Redis(host=HOST, port=port, socket_timeout=5)) for port in settings.redis_ports
        ]
        try:
            for number, (master, (first, last)) in enumerate(zip(masters, shares, strict=True), start=1):
                if not _has_slots(master):
                    # An order among them from the beginning: without it they would find one, a while later.
                    master.execute_command("CLUSTER SET-CONFIG-EPOCH", number)
                    master.execute_command("CLUSTER ADDSLOTSRANGE", first, last)
            # Each tells each other where it is now: what they remember of it may be another port.
            for master in masters:
                for port, bus_port in zip(settings.redis_ports, settings.redis_bus_ports, strict=True):
                    master.execute_command("CLUSTER MEET", HOST, port, bus_port)
            _wait(masters, set(settings.redis_ports))
        except RedisError as error:
            raise StackError(f"The masters of Redis do not make a cluster: {error}.") from error


def _shares(masters: int) -> list[tuple[int, int]]:
    """Return the first and the last slot of each master."""
    ends = [REDIS_CLUSTER_HASH_SLOTS * number // masters for number in range(masters + 1)]
    return [(first, after - 1) for first, after in pairwise(ends)]


def _has_slots(master: Any) -> bool:
    nodes: dict[str, Any] = master.execute_command("CLUSTER NODES")
    return any("myself" in node["flags"] and node["slots"] for node in nodes.values())


def _wait(masters: list[Any], ports: set[int]) -> None:
    deadline = time.monotonic() + READY_S
    while not all(_is_whole(master, ports) for master in masters):
        if time.monotonic() > deadline:
            raise StackError(f"The masters of Redis were no cluster after {READY_S:.0f} s.")
        time.sleep(POLL_S)


def _is_whole(master: Any, ports: set[int]) -> bool:
    """Return whether a master takes commands, and knows of each slot where it is."""
    slots = Slots(master.execute_command(ASK_SLOTS), (HOST, 0))
    is_ok = master.execute_command("CLUSTER INFO")["cluster_state"] == "ok"
    return bool(is_ok) and not slots.lacking() and {port for _, port in slots.masters()} == ports
