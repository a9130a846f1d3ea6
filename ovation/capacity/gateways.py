"""How many gateways a crowd needs: the fewest that carry what so many of them make."""

from math import ceil

from ovation.capacity.cores import gateway_cores
from ovation.capacity.crowd import Crowd
from ovation.capacity.disks import GB
from ovation.capacity.given import Assumed, Machines
from ovation.capacity.load import Load, load
from ovation.capacity.measured import UnitCosts
from ovation.capacity.pace import Pace
from ovation.errors import OvationError

_ROUNDS = 1_000
BITS = 8


def processes(crowd: Crowd, costs: UnitCosts, machines: Machines, assumed: Assumed, pace: Pace) -> int:
    """Return the number of processes of one region, a core each. Raises OvationError where no number is enough.

    More gateways write more records and read more of Redis. The need grows with their number and with the crowd, so
    stepping up from one ends at the fewest that are enough, and a larger crowd never needs fewer.
    """
    number = 1
    for _ in range(_ROUNDS):
        used = gateway_cores(load(crowd, number, pace), crowd, costs, assumed)
        needed = max(1, ceil(used.total / machines.utilisation))
        if needed <= number:
            return number
        number = needed
    raise OvationError("Gateways make each other so much work that no number of them is enough.")


def hosts(number: int, work: Load, crowd: Crowd, costs: UnitCosts, machines: Machines) -> int:
    """Return the machines for so many processes: by cores, by network, or by memory of sockets."""
    sent = BITS * work.message_bytes / GB
    return max(
        ceil(number / machines.cores),
        ceil(sent / (machines.gbit_s * machines.utilisation)),
        ceil(crowd.of_a_region.sockets * costs.socket_bytes / GB / (machines.memory_gb / 2)),
    )
