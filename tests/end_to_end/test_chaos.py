"""One schedule of `ovation chaos` on the stack of the tests; `make faults` runs many on one of its own."""

from local.stack import Stack
from ovation.addresses import Addresses
from ovation.chaos.faults import FAULTS
from ovation.chaos.machine import Machine
from ovation.chaos.plan import Event, Schedule
from ovation.chaos.trial import attempt
from ovation.chaos.view import line
from tests.ovation.chaos.crowds import SMALL


async def test_nothing_is_lost_or_doubled_when_a_gateway_is_killed_and_clickhouse_hangs_and_workers_die(
    stack: Stack, addresses: Addresses
) -> None:
    events = (
        Event(2, FAULTS["kill gateway"], 0),
        Event(3, FAULTS["hang clickhouse"], 3),
        Event(7, FAULTS["kill python-workers"], 0),
    )
    trial = await attempt(addresses, [addresses.gateway_url], Machine(stack), Schedule(0, events, SMALL), 120)
    print(f"\n{line(trial)}")
    assert trial.good, (trial.broken, trial.failed)
    assert trial.votes >= SMALL.voters
    assert trial.stood_still_s > 1, "workers did die"
    assert len(trial.again_s) == len(events), "screens moved again after each"
