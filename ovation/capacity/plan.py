"""Machines for a crowd: how many of each part, and what they cost by prices that are given."""

from dataclasses import dataclass
from math import ceil

from contracts import topics
from contracts.buckets import BUCKETS
from ovation.capacity.cores import (
    GatewayCores,
    clickhouse_cores,
    gateway_cores,
    kafka_cores,
    mirror_cores,
    poll_cores,
    reaction_cores,
    redis_cores,
)
from ovation.capacity.crowd import Crowd
from ovation.capacity.disks import GB, clickhouse_gb, kafka_bytes_s, kafka_gb
from ovation.capacity.gateways import BITS, hosts, processes
from ovation.capacity.given import Assumed, Machines, Prices
from ovation.capacity.load import Load, load
from ovation.capacity.measured import UnitCosts
from ovation.capacity.pace import Pace
from ovation.errors import OvationError


@dataclass(frozen=True, slots=True)
class Part:
    """What is needed of a part. `busy` are the cores that the peak keeps busy, `cores` those to rent for it."""

    number: int
    busy: float
    cores: int
    cost: float
    """A month."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that more machines do not widen. `use` is 1 where it is as full as the utilisation allows."""

    name: str
    use: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What a crowd needs in each of its regions, at its peak and for a month."""

    crowd: Crowd
    load: Load
    gateways: Part
    """`number` counts processes of one core each."""
    gateway_cores: GatewayCores
    gateway_machines: int
    brokers: Part
    mirror: Part
    """Nothing where there is one region."""
    taskmanagers: Part
    redis: Part
    """`number` counts shards of one core each."""
    clickhouse: Part
    reactions_partitions: int
    votes_partitions: int
    reactions_parallelism: int
    polls_parallelism: int
    kafka_disk_gb: float
    clickhouse_disk_gb: float
    """Of one month."""
    egress_gbit_s: float
    """To screens, at the peak."""
    egress_gb: float
    """A month."""
    mirrored_gb: float
    """From other regions, a month."""
    costs: dict[str, float]
    """A month, by what is paid for."""
    limits: tuple[Limit, ...]

    @property
    def cost(self) -> float:
        """A month of one region."""
        return sum(self.costs.values())

    @property
    def cost_of_all(self) -> float:
        """A month of all regions."""
        return self.cost * self.crowd.regions


def plan(crowd: Crowd, costs: UnitCosts, machines: Machines, prices: Prices, assumed: Assumed) -> Plan:
    """Return what `crowd` needs. Raises OvationError where no number of machines is enough."""
    pace = Pace(live_batch_s=costs.live_batch_s)

    def part(number: int, busy: float, cores: int) -> Part:
        return Part(number, busy, cores, cores * crowd.hours * prices.core_hour)

    def servers(busy: float, least: int) -> Part:
        number = max(least, ceil(busy / machines.utilisation / machines.cores))
        return part(number, busy, number * machines.cores)

    number = processes(crowd, costs, machines, assumed, pace)
    work = load(crowd, number, pace)
    used, host = gateway_cores(work, crowd, costs, assumed), hosts(number, work, crowd, costs, machines)
    gateways = part(number, used.total, host * machines.cores)
    brokers = servers(machines.replication * kafka_cores(work, costs), machines.replication)
    mirror = servers(mirror_cores(work, costs), int(crowd.regions > 1))
    clickhouse = servers(clickhouse_cores(work, costs), 1)
    reactions, polls = reaction_cores(work, costs), poll_cores(work, costs)
    # A subtask of each deployment reads on a core of its own; the other deployment has another.
    free = machines.utilisation - reactions.jvm_each / 2
    if free <= 0:
        raise OvationError("A subtask without taps already keeps a core busier than --utilisation allows.")
    of_votes = polls.jvm / 2 / machines.utilisation
    taps_wide, votes_wide = max(1, ceil(reactions.jvm / 2 / free)), max(1, ceil(of_votes))
    # A slot of each subtask of both deployments of both jobs; and two TaskManagers, so that one may die.
    slots = ceil(2 * (taps_wide + votes_wide) / machines.cores)
    taskmanagers = servers(reactions.total(taps_wide) + polls.total(votes_wide), max(2, slots))
    of_redis = redis_cores(work.redis, costs, assumed) + costs.parts["redis"]["second"]
    shards = max(1, ceil(of_redis / machines.utilisation))
    redis = part(shards, of_redis, shards)
    kafka_disk = kafka_gb(work, crowd, costs, machines.replication)
    others = (crowd.regions - 1) / crowd.regions
    mirrored_gb = others * kafka_bytes_s(work, costs) * 3600 * crowd.hours / GB
    clickhouse_disk = clickhouse_gb(work, crowd, costs)
    bytes_s = work.message_bytes + work.snapshot_bytes
    egress_gb = bytes_s * 3600 * crowd.hours / GB
    return Plan(
        crowd=crowd,
        load=work,
        gateways=gateways,
        gateway_cores=used,
        gateway_machines=host,
        brokers=brokers,
        mirror=mirror,
        taskmanagers=taskmanagers,
        redis=redis,
        clickhouse=clickhouse,
        reactions_partitions=max(topics.REACTIONS.partitions, taps_wide),
        votes_partitions=max(topics.VOTES.partitions, min(votes_wide, BUCKETS)),
        reactions_parallelism=taps_wide,
        polls_parallelism=votes_wide,
        kafka_disk_gb=kafka_disk,
        clickhouse_disk_gb=clickhouse_disk,
        egress_gbit_s=BITS * bytes_s / GB,
        egress_gb=egress_gb,
        mirrored_gb=mirrored_gb,
        costs={
            "gateways": gateways.cost,
            "Kafka brokers": brokers.cost,
            "mirror": mirror.cost + mirrored_gb * prices.egress_gb,
            "TaskManagers": taskmanagers.cost,
            "Redis shards": redis.cost,
            "ClickHouse": clickhouse.cost,
            "egress to screens": egress_gb * prices.egress_gb,
            "disk": (kafka_disk + clickhouse_disk) * prices.disk_gb_month,
        },
        limits=(
            Limit(
                "the hottest stream on its shard of Redis",
                redis_cores(work.hottest, costs, assumed) / machines.utilisation,
            ),
            Limit(f"the {BUCKETS} buckets of voters that `votes` is spread over", of_votes / BUCKETS),
        ),
    )
