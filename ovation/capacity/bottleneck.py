"""What holds a plan back first, and what of the crowd's settings to change about it."""

from collections.abc import Iterator
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
class Advice:
    """A change to the crowd's settings, in the command's own words."""

    options: str
    why: str
    crowd: Crowd


def advices(crowd: Crowd) -> Iterator[Advice]:
    """Yield what may be changed, each on top of those before it."""
    if not crowd.by_stream:
        crowd = replace(crowd, by_stream=True)
        yield Advice("--by-stream", "a balancer that sends a stream's viewers to as few gateways as hold them", crowd)
    if crowd.interval_ms < 500:
        crowd = replace(crowd, interval_ms=500.0)
        yield Advice("--interval-ms 500", "two pictures a second", crowd)
    if crowd.socket_share > 0.1:
        crowd = replace(crowd, socket_share=0.1)
        yield Advice("--socket-share 0.1", "most viewers poll the snapshot that a CDN may keep", crowd)
