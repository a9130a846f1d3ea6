"""One schedule of `ovation chaos` on the stack of the tests; `make faults` runs many on one of its own.

And one in which a number is wrong: a harness that finds nothing then would find nothing ever. `make mutants` breaks the
system's own code instead.
"""

from dataclasses import replace

import redis

from local.stack import Stack
from ovation.addresses import Addresses
from ovation.chaos.attempt import attempt
from ovation.chaos.faults import FAULTS, Fault
from ovation.chaos.machine import Machine
from ovation.chaos.plan import Event, Schedule
from ovation.chaos.view import line
from ovation.flink_api import Flink
from tests.ovation.chaos.crowds import SMALL


async def test_nothing_is_lost_or_doubled_when_a_gateway_and_a_taskmanager_are_killed_and_clickhouse_hangs(
    stack: Stack, addresses: Addresses, flink: Flink
) -> None:
    (of_the_screens,) = flink.taskmanagers(flink.alive()["reaction_window --sink redis"])
    events = (
        Event(2, FAULTS["kill gateway"], 0),
        Event(3, FAULTS["hang clickhouse"], 3),
        Event(7, FAULTS[f"kill {of_the_screens}"], 0),
    )
    trial = await attempt(addresses, [addresses.gateway_url], Machine(stack), Schedule(0, events, SMALL), 120)
    print(f"\n{line(trial)}")
    assert trial.good, (trial.broken, trial.failed)
    assert trial.votes >= SMALL.voters
    assert trial.stood_still_s > 1, "its tasks did die"
    assert len(trial.again_s) == len(events), "screens moved again after each"


def count_too_many(machine: Machine) -> None:
    """Raise a total, as a job does that adds up in Redis and replays."""
    with redis.Redis.from_url(machine.redis_url) as client:
        for key in client.scan_iter("ovation:{chaos-0-*}:reactions"):
            client.hincrby(key, "🔥", 1_000)


async def test_a_number_that_is_wrong_is_found(stack: Stack, addresses: Addresses) -> None:
    events = (Event(1, Fault("a count too many", "redis", count_too_many), 0),)
    crowd = replace(SMALL, seconds=3, voters=20, vote_seconds=2)
    trial = await attempt(addresses, [addresses.gateway_url], Machine(stack), Schedule(0, events, crowd), 2)
    assert trial.failed is None
    assert any(each.startswith("I5") for each in trial.broken), trial.broken
