"""What holds a plan back first, and what of the crowd's settings to change about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ovation.capacity.crowd import Crowd
from ovation.capacity.plan import Plan


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """`name` is a limit that is passed, or else what costs most; `why` says which, with its number."""

    name: str
    is_limit: bool
    why: str


def bottleneck(plan: Plan) -> Bottleneck:
    """Return what holds the plan back: first what no machine mends."""
    passed = max(plan.limits, key=lambda each: each.use)
    if passed.use > 1:
        why = f"there is one, and at the wanted utilisation the peak needs {passed.use:,.1f}"
        return Bottleneck(passed.name, True, why)
    name, cost = max(plan.costs.items(), key=lambda each: each[1])
    why = f"{cost / plan.cost:.0%} of the cost" if plan.cost else "nothing has a price, so nothing costs more"
    if name == "gateways":
        used = plan.gateway_cores
        most = max(("taps", "records", "screens", "votes", "redis"), key=lambda each: float(getattr(used, each)))
        what = {"screens": "messages to screens", "redis": "reading what Redis says"}.get(most, most)
        why += f", {getattr(used, most) / used.total:.0%} of their work for {what}"
    return Bottleneck(name, False, why)


@dataclass(frozen=True, slots=True)
class Change:
    """A change to the crowd's settings in the command's own words, and what is needed then."""

    options: str
    why: str
    plan: Plan
    bottleneck: Bottleneck


def changes(plan: Plan, planned: Callable[[Crowd], Plan]) -> Iterator[Change]:
    """Yield what may be changed, each on top of those before it, where it comes nearer to a limit or costs less."""
    for options, why, values in (
        (
            "--by-stream",
            "a balancer that sends a stream's viewers to as few gateways as hold them",
            {"by_stream": True},
        ),
        ("--interval-ms 500", "two pictures a second", {"interval_ms": max(500.0, plan.crowd.interval_ms)}),
        (
            "--socket-share 0.1 --poll-s 2",
            "most viewers poll the snapshot, which a CDN may keep",
            {"socket_share": min(0.1, plan.crowd.socket_share), "poll_s": max(2.0, plan.crowd.poll_s)},
        ),
    ):
        then = planned(replace(plan.crowd, **values))
        if (_excess(then), then.cost) < (_excess(plan), plan.cost):
            plan = then
            yield Change(options, why, then, bottleneck(then))


def _excess(plan: Plan) -> float:
    """Return by how much the limits are passed."""
    return max(0.0, *(each.use - 1 for each in plan.limits))
