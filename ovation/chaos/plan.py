"""Schedules: what breaks when, decided by a seed alone, so that a schedule can be had again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ovation.audience.plan import Plan
from ovation.chaos.faults import JOBS, NETWORK, ROLLING, Fault

FIRST_S, LAST_S = 2.0, 9.0
"""When a fault may begin, in seconds from the first tap."""
AFTERWARDS_S = 6.0
"""How long the crowd goes on when the last harm is taken back."""
MOST_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Event:
    """A fault that begins `at_s` seconds after the first tap and is taken back `for_s` seconds later."""

    at_s: float
    fault: Fault
    for_s: float

    def __str__(self) -> str:
        how_long = f" for {self.for_s:.1f} s" if self.for_s else ""
        return f"{self.fault.name} at {self.at_s:.1f} s{how_long}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the seed decides."""

    seed: int
    events: tuple[Event, ...]
    crowd: Plan

    @property
    def rolls(self) -> bool:
        """Whether gateways are restarted in turn, in which case no request may fail in the end."""
        return any(event.fault.target == ROLLING for event in self.events)

    @property
    def leaves_taps_uncertain(self) -> bool:
        """Whether a gateway may find nobody to ask about taps that are sent again: they ask each other over Redis."""
        return any(event.fault.target == "redis" for event in self.events)

    def __str__(self) -> str:
        return ", ".join(map(str, self.events)) or "nothing happens"


def draw(seed: int, faults: Mapping[str, Fault], most: int = MOST_AT_ONCE) -> Schedule:
    """Return the schedule of a seed: one to `most` of `faults`, alone or mixed."""
    choose = Random(f"schedule {seed}")  # noqa: S311 - to be had again, not a secret
    names = sorted(faults)
    events: list[Event] = []
    for name in choose.sample(names, k=min(choose.choice(range(1, most + 1)), len(names))):
        fault = faults[name]
        at_s, for_s = choose.uniform(FIRST_S, LAST_S), choose.uniform(fault.shortest_s, fault.longest_s)
        event = Event(round(at_s, 1), fault, round(for_s, 1))
        if not any(_clash(event, other) for other in events):
            events.append(event)
    events.sort(key=lambda event: event.at_s)
    return Schedule(seed, tuple(events), _crowd(seed, events))


def _clash(one: Event, other: Event) -> bool:
    """Return whether two events cannot both be.

    A gateway answers a tap before Kafka has it. What it holds when it is killed while Kafka takes nothing is more than
    one flush, and no promise is made for that. On a network that is silent or slow nobody can say when it was answered.
    Gateways of which one is away are not restarted in turn. What writes into Kafka, or asks it for something, needs it
    there; and a job is moved while all is well.
    """
    targets = {one.fault.target, other.fault.target}
    if len(targets) == 1 or JOBS in targets:
        return True
    if ROLLING in targets and any(target.startswith("gateway") for target in targets):
        return True
    kills = any(each.fault.name.startswith("kill gateway") for each in (one, other))
    if kills and targets & {"kafka", NETWORK}:
        return True
    return "kafka" in targets and bool(targets & {"records", "late", "partitions"})


def _crowd(seed: int, events: Sequence[Event]) -> Plan:
    ends_s = [event.at_s + event.for_s + event.fault.takes_s for event in events]
    end_s = max(ends_s, default=FIRST_S) + AFTERWARDS_S
    return Plan(
        streams=4,
        viewers=60,
        taps_per_s=200,
        seconds=end_s,
        voters=240,
        vote_seconds=end_s - 1,
        double_vote_share=0.3,
        http_share=0.3,
        keyed_share=1 if any(event.fault.target == ROLLING for event in events) else 0.5,
        stubborn=2,
        screens=8,
        seed=seed,
    )
