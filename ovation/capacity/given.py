"""What is assumed of machines and prices: the command's options."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machines:
    """What is rented, and how full it is to be."""

    utilisation: float = 0.5
    """Share of each core, and of each machine's network, that the peak may take."""
    cores: int = 8
    memory_gb: float = 16.0
    """Of which half may be sockets'."""
    gbit_s: float = 10.0
    replication: int = 3
    """Of Kafka's topics."""


@dataclass(frozen=True, slots=True)
class Prices:
    """In any currency. Machines are paid for the hours live, disks for the month, what is sent by the GB."""

    core_hour: float = 0.04
    disk_gb_month: float = 0.10
    egress_gb: float = 0.02


@dataclass(frozen=True, slots=True)
class Assumed:
    """Unit costs that no bench measures by itself, in microseconds of a core."""

    delivery_us: float = 3.0
    """A message of pub/sub, for Redis to one gateway."""
    merge_us: float = 15.0
    """The same, for the gateway."""
    look_us: float = 2.0
    """A command that reads or writes how many watch, or a stream's state, in a pipeline."""
    presence_us: float = 0.1
    """A number of viewers in the answer to one."""
