"""A plan and its checks, as tables for a terminal and as an object for a program."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from math import ceil
from statistics import median
from typing import Any

from rich.table import Table

from ovation.capacity.bottleneck import Bottleneck, Change
from ovation.capacity.given import Assumed, Machines, Prices
from ovation.capacity.plan import Plan
from ovation.capacity.trial import Compared

CHECKS = {
    "check": ("Against the embedded stack", "measured"),
    "held_out": ("Against the growth curves, each with costs fitted without it", "measured"),
    "simulation": ("Against a simulation of 100 edges and 10,000 streams", "counted"),
    "simulated": ("The simulation against the embedded stack", "measured"),
}
"""By its name in the object, the title of a comparison and the column of what was found."""

_MOST_MASTERS = 1_000
"""What Redis says of its clusters: they were made to grow linearly up to 1,000 nodes."""


def heading(plan: Plan) -> str:
    """Return the crowd in a sentence."""
    crowd = plan.crowd
    regions = f" in {crowd.regions} regions" if crowd.regions > 1 else ""
    ways = "by stream" if crowd.by_stream else "at any gateway"
    return (
        f"{crowd.viewers:,.0f} viewers{regions} of {crowd.streams:,} streams, {crowd.taps:,.0f} taps/s, "
        f"{crowd.votes:,.0f} votes/s, {crowd.socket_share:.0%} on sockets {ways}, a picture every "
        f"{crowd.interval_ms:,.0f} ms"
    )


def needs(plan: Plan) -> Table:
    """Return what the crowd needs of each part."""
    table = Table("part", "needs", "busy cores", "rented", "a month")
    rows = (
        (
            "gateways",
            f"{_many(plan.gateways.number, 'process', 'es')} on {_many(plan.gateway_machines, 'machine')}",
            plan.gateways,
        ),
        (
            "Kafka",
            f"{_many(plan.brokers.number, 'broker')}; reactions {plan.reactions_partitions:,} and votes "
            f"{plan.votes_partitions:,} partitions",
            plan.brokers,
        ),
        (
            "TaskManagers",
            f"{plan.taskmanagers.number:,}; parallelism {plan.reactions_parallelism:,} for taps, "
            f"{plan.polls_parallelism:,} for votes",
            plan.taskmanagers,
        ),
        ("Redis", _many(plan.redis.number, "shard"), plan.redis),
        ("ClickHouse", _many(plan.clickhouse.number, "server"), plan.clickhouse),
    )
    mirror = ("mirror", f"brings {_many(plan.crowd.regions - 1, 'other region')} here", plan.mirror)
    for name, what, part in (*rows[:2], *([mirror] if plan.mirror.number else []), *rows[2:]):
        table.add_row(name, what, f"{part.busy:,.2f}", f"{part.cores:,} cores", f"{part.cost:,.0f}")
    disk = f"Kafka {plan.kafka_disk_gb:,.1f} GB, ClickHouse {plan.clickhouse_disk_gb:,.1f} GB more each month"
    table.add_row("disk", disk, "", "", f"{plan.costs['disk']:,.0f}")
    sent = f"{plan.egress_gbit_s:,.2f} Gbit/s at the peak, {plan.egress_gb:,.0f} GB a month"
    table.add_row("egress", sent, "", "", f"{plan.costs['egress to screens']:,.0f}")
    if plan.mirror.number:
        cost = plan.costs["mirror"] - plan.mirror.cost
        table.add_row("mirrored", f"{plan.mirrored_gb:,.0f} GB a month from other regions", "", "", f"{cost:,.0f}")
    table.add_row("all", "", "", "", f"{plan.cost:,.0f}", end_section=True)
    return table


def notes(plan: Plan) -> Iterator[str]:
    """Yield what a number of the table asks of whoever builds it."""
    if (regions := plan.crowd.regions) > 1:
        yield f"This is one of {regions} regions, and the others are like it: {plan.cost_of_all:,.0f} a month in all."
    shards = plan.redis.number
    if shards > _MOST_MASTERS:
        yield (
            f"A Redis Cluster has up to about {_MOST_MASTERS:,} masters: {shards:,} shards are "
            f"{ceil(shards / _MOST_MASTERS):,} deployments, each with a cluster and streams of its own."
        )
    elif shards > 1:
        yield f"{shards:,} shards are the masters of a Redis Cluster, redis+cluster://HOST:PORT; a stream is on one."


def verdict(found: Bottleneck) -> str:
    """Return the bottleneck in a sentence."""
    return f"Bottleneck: {found.name}: {found.why}."


def assumptions(machines: Machines, prices: Prices, assumed: Assumed, crowd_hours: float) -> Iterator[str]:
    """Yield what was not measured."""
    yield (
        f"Prices, assumed: {prices.core_hour:g} a core-hour, {prices.disk_gb_month:g} a GB of disk and month, "
        f"{prices.egress_gb:g} a GB sent to screens; machines are paid for {crowd_hours:,.0f} hours live a month."
    )
    yield (
        f"Machines, assumed: {machines.cores} cores at {machines.utilisation:.0%}, {machines.memory_gb:g} GB, "
        f"{machines.gbit_s:g} Gbit/s; Kafka keeps {machines.replication} copies."
    )
    yield (
        f"Not measured by itself, assumed: a message of pub/sub to a gateway {assumed.delivery_us:g} µs of Redis and "
        f"{assumed.merge_us:g} µs of the gateway; a look at a stream's presence {assumed.look_us:g} µs, and "
        f"{assumed.presence_us:g} µs for each number in it."
    )


def advice(changes: Sequence[Change]) -> Iterator[str]:
    """Yield what each change comes to, on top of those before it."""
    for place, each in enumerate(changes):
        yield f"  {'and ' if place else ''}{each.options} ({each.why}):"
        month = "month and region" if each.plan.crowd.regions > 1 else "month"
        yield (
            f"    {_many(each.plan.gateways.number, 'gateway')}, {_many(each.plan.redis.number, 'shard')}, "
            f"{each.plan.cost:,.0f} a {month}; then {each.bottleneck.name}: {each.bottleneck.why}"
        )


def comparison(title: str, found_name: str, compared: Iterable[Compared]) -> Table:
    """Return figures beside the model's, with the error."""
    table = Table("where", "what", found_name, "model", "error", title=title, title_justify="left")
    for each in compared:
        table.add_row(each.where, each.what, _figure(each.found), _figure(each.model), _percent(each.error))
    return table


def errors(compared: Sequence[Compared]) -> Iterator[str]:
    """Yield, of each figure, the median and the largest error, without regard to sign."""
    for what in dict.fromkeys(each.what for each in compared):
        own = [(each.error, each.where) for each in compared if each.what == what and each.error is not None]
        if own:
            worst, where = max(own, key=lambda each: abs(each[0]))
            yield f"  {what}: median {median(abs(error) for error, _ in own):.1%}, largest {worst:+.1%} at {where}"


def document(
    plan: Plan,
    found: Bottleneck,
    changes: Sequence[Change],
    given: tuple[Machines, Prices, Assumed],
    checks: Mapping[str, Sequence[Compared]],
) -> dict[str, Any]:
    """Return all of it as an object."""
    machines, prices, assumed = given
    return {
        **asdict(plan),
        "cost": plan.cost,
        "cost_of_all": plan.cost_of_all,
        "bottleneck": asdict(found),
        "changes": [
            {
                "options": each.options,
                "gateways": each.plan.gateways.number,
                "redis_shards": each.plan.redis.number,
                "cost": each.plan.cost,
                "bottleneck": asdict(each.bottleneck),
            }
            for each in changes
        ],
        "assumed": {"machines": asdict(machines), "prices": asdict(prices), "unit_costs": asdict(assumed)},
        **{name: [{**asdict(each), "error": each.error} for each in rows] for name, rows in checks.items()},
    }


def _percent(error: float | None) -> str:
    return "" if error is None else f"{error:+.1%}"


def _many(number: int, what: str, ending: str = "s") -> str:
    return f"{number:,} {what}{'' if number == 1 else ending}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
