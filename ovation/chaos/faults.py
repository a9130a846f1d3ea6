"""What can happen to a stack, each kind of fault declared once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from local import zookeeper
from local.flink import JOBMANAGER, TASKMANAGERS
from ovation.chaos.machine import GATEWAYS, WORKERS, Machine
from ovation.deployments import DEPLOYMENTS

Harm = Callable[[Machine], None]


def _nothing(_: Machine) -> None: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """`begin` does it and `end` takes it back, between `shortest_s` and `longest_s` seconds later.

    What it happens to is `target`: two faults of one target are never in one schedule. It takes about `takes_s` until
    everything moves again; the crowd goes on meanwhile.
    """

    name: str
    target: str
    begin: Harm
    end: Harm = _nothing
    shortest_s: float = 0
    longest_s: float = 0
    takes_s: float = 0
    empties: bool = False
    """Whether Redis is empty afterwards."""


_RECOVERY_S = {**dict.fromkeys(TASKMANAGERS, 14), WORKERS: 10, JOBMANAGER: 30}
"""How long jobs are away when one of these dies, or hangs until it is taken for dead."""


def happening_to(faults: Mapping[str, Fault], parts: Collection[str]) -> dict[str, Fault]:
    """Return those of `faults` that can happen to a stack with these `parts`: not to a TaskManager that it lacks."""
    lacking = set(TASKMANAGERS) - set(parts)
    return {name: fault for name, fault in faults.items() if fault.target not in lacking}


def _kill(name: str) -> Fault:
    return Fault(f"kill {name}", name, lambda machine: machine.kill(name), takes_s=_RECOVERY_S.get(name, 0))


def _restart(name: str) -> Fault:
    return Fault(f"restart {name}", name, lambda machine: machine.end(name))


def _hang(name: str, longest_s: float = 12) -> Fault:
    return Fault(
        f"hang {name}",
        name,
        lambda machine: machine.hold(name),
        lambda machine: machine.release(name),
        1,
        longest_s,
        _RECOVERY_S.get(name, 0),
    )


def _away(name: str, longest_s: float = 15) -> Fault:
    return Fault(
        f"{name} away",
        name,
        lambda machine: machine.take_away(name),
        lambda machine: machine.bring_back(name),
        3,
        longest_s,
    )


def _full(name: str) -> Fault:
    return Fault(
        f"disk full for {name}",
        name,
        lambda machine: machine.fill_disk(name),
        lambda machine: machine.free_disk(name),
        3,
        10,
    )


def _network(name: str, begin: Harm, longest_s: float) -> Fault:
    return Fault(f"network {name}", NETWORK, begin, lambda machine: machine.network.mend(), 1, longest_s)


def _move(deployment: str, parallelism: int) -> Fault:
    return Fault(
        f"{deployment} to parallelism {parallelism} and back",
        JOBS,
        lambda machine: machine.move(deployment, parallelism),
        lambda machine: machine.move(deployment, 1),
        5,
        10,
        takes_s=60,
    )


def _lasting(fault: Fault, seconds: float) -> Fault:
    return replace(fault, name=f"{fault.name} {seconds:g} s", shortest_s=seconds, longest_s=seconds)


NETWORK, JOBS, ROLLING = "network", "jobs", "all gateways"
_SERVERS = ("kafka", "redis", "clickhouse", *TASKMANAGERS, JOBMANAGER, zookeeper.NAME)

FAULTS = {
    fault.name: fault
    for fault in (
        *map(_kill, (*_SERVERS, *GATEWAYS, WORKERS)),
        *map(_hang, (*_SERVERS, *GATEWAYS, WORKERS)),
        *map(_away, ("kafka", "redis", "clickhouse")),
        *map(_full, ("kafka", "redis", *TASKMANAGERS)),
        *map(_restart, GATEWAYS),
        _network("cut", lambda machine: machine.network.cut(), 6),
        _network("silent", lambda machine: machine.network.silence(), 8),
        _network("slow", lambda machine: machine.network.slow(), 12),
        Fault("rolling restart", ROLLING, lambda machine: machine.roll(), takes_s=15),
        Fault("poison records", "records", lambda machine: machine.poison()),
        Fault("late records", "late", lambda machine: machine.late.write()),
        Fault("more partitions", "partitions", lambda machine: machine.add_partitions()),
        Fault("redis empty", "redis", lambda machine: machine.empty_redis(), takes_s=5, empties=True),
        Fault(
            "checkpoints blocked",
            "checkpoints",
            lambda machine: machine.block_checkpoints(),
            lambda machine: machine.unblock_checkpoints(),
            5,
            15,
        ),
    )
}
"""What lasts for a moment or some seconds, by name."""

LONG = {
    fault.name: fault
    for fault in (
        _lasting(FAULTS["kafka away"], 30),
        _lasting(FAULTS["kafka away"], 90),
        _lasting(FAULTS["clickhouse away"], 300),
        *(_move(each.slug, 2) for each in DEPLOYMENTS),
        *(_lasting(FAULTS[f"hang {name}"], 60) for name in (*_SERVERS, GATEWAYS[0], WORKERS)),
    )
}
"""What lasts for a minute or several."""
