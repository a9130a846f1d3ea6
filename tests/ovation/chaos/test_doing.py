"""When harm was done, as those must know it who judge what an answer of that moment is worth."""

import time
from typing import cast

from ovation.audience.crowd import Crowd
from ovation.chaos.doing import Doing
from ovation.chaos.faults import Fault
from ovation.chaos.machine import Machine
from ovation.chaos.plan import Event, Schedule
from tests.ovation.chaos.crowds import SMALL

SLOWLY_S = 0.2
"""A full machine looks up so long which process it is."""


async def test_a_gateway_is_killed_between_two_moments() -> None:
    killed_s: list[float] = []

    def kill(_: Machine) -> None:
        time.sleep(SLOWLY_S)
        killed_s.append(time.perf_counter())

    events = (
        Event(0, Fault("kill gateway", "gateway", kill), 0),
        Event(0, Fault("kill kafka", "kafka", lambda _: None), 0),
    )
    doing = Doing(Schedule(0, events, SMALL), cast("Machine", None), cast("Crowd", None))
    before_s = time.perf_counter()
    await doing.run()
    await doing.finish()
    [(since_s, until_s)] = doing.kills_s
    [at_s] = killed_s
    assert before_s <= since_s <= at_s - SLOWLY_S
    assert at_s <= until_s
