"""Carries out a schedule, and looks when screens move again."""

import asyncio
import time

from ovation.audience.crowd import Crowd
from ovation.chaos.machine import Machine
from ovation.chaos.plan import Event, Schedule
from ovation.chaos.redis_numbers import Numbers, right_again
from ovation.chaos.watch import screens_move_again


class Doing:
    """Carries out a schedule's events beside its crowd."""

    def __init__(self, schedule: Schedule, machine: Machine, crowd: Crowd) -> None:
        self._schedule = schedule
        self._machine = machine
        self._crowd = crowd
        self._moving: list[asyncio.Task[None]] = []
        self.again_s: dict[str, float] = {}
        self.right_again_s: float | None = None
        """How long an emptied Redis lacked something, unless it did so to the end."""
        self.kills_s: list[tuple[float, float]] = []
        """Between which moments a gateway was killed, by the audience's clock: its process is looked up first."""
        self.emptied_s: list[tuple[float, float]] = []
        """Between which moments Redis was emptied, by the same."""

    async def run(self) -> None:
        """Return when the last harm is taken back. It always is."""
        began = time.perf_counter()
        await asyncio.gather(*(self._do(event, began) for event in self._schedule.events))

    async def finish(self) -> None:
        """Stop waiting for screens to move."""
        for task in self._moving:
            task.cancel()
        await asyncio.gather(*self._moving, return_exceptions=True)

    async def _do(self, event: Event, began: float) -> None:
        await asyncio.sleep(began + event.at_s - time.perf_counter())
        before = await asyncio.to_thread(self._machine.redis_numbers) if event.fault.empties else None
        began_s = time.perf_counter()
        await asyncio.to_thread(event.fault.begin, self._machine)
        done_s = time.perf_counter()
        if event.fault.name.startswith("kill gateway"):
            self.kills_s.append((began_s, done_s))
        if before is not None:
            self.emptied_s.append((began_s, done_s))
            self._moving.append(asyncio.create_task(self._fills(before)))
        try:
            await asyncio.sleep(event.for_s)
        finally:
            await asyncio.to_thread(event.fault.end, self._machine)
        self._moving.append(asyncio.create_task(self._moves(event.fault.name)))

    async def _fills(self, before: Numbers) -> None:
        self.right_again_s = round(await right_again(self._machine.redis_url, before), 2)

    async def _moves(self, name: str) -> None:
        self.again_s[name] = round(await screens_move_again(self._crowd), 2)
